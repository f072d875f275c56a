import { GatewayError } from '../errors.ts';

/** 404: there is no rule of this id; it may have ended. */
export class UnknownLogRuleError extends GatewayError {
  override readonly name = 'UnknownLogRuleError';
  constructor(id: string) {
    const message = `There is no log rule '${id}'; it may have ended.`;
    super({ message, status: 404, type: 'invalid_request_error', code: 'log_rule_not_found' });
  }
}

/** 409: every request is held against each rule. */
export class TooManyLogRulesError extends GatewayError {
  override readonly name = 'TooManyLogRulesError';
  constructor(limit: number) {
    const message = `There are ${limit} log rules already; delete one, or wait for one to end.`;
    super({ message, status: 409, type: 'invalid_request_error', code: 'too_many_log_rules' });
  }
}
