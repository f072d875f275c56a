import type { ChatCall } from '../chat/chat-call.ts';
import type { Logger } from '../lib/log.ts';
import type { RequestRecord } from '../stats/request-record.ts';
import type { DebugRules } from './debug-rules.ts';
import { describeRequest, quoteRequest } from './describe-request.ts';

interface RequestDebugOptions {
  rules: Pick<DebugRules, 'matching'>;
  log: Logger;
}

/**
 * Logs chats at debug level: what was asked, in numbers, and how the attempts went. Every chat while
 * the log is at debug, and at any level those that fall under a rule. What a client has sent is logged
 * by a rule that says so, and never a key or a credential.
 */
export class RequestDebug {
  readonly #rules: RequestDebugOptions['rules'];
  readonly #log: Logger;
  /** Writes at any level of the log. */
  readonly #always: Logger;

  constructor({ rules, log }: RequestDebugOptions) {
    this.#rules = rules;
    this.#log = log;
    this.#always = log.child({}, { level: 'debug' });
  }

  /** Where debug lines of a request go; to nowhere, unless it is to be debugged. */
  logOf(requestId: string, clientKeyId: string | null): Logger {
    const isFollowed = this.#rules.matching(requestId, clientKeyId).length > 0;
    return isFollowed ? this.#always : this.#log;
  }

  began({ requestId, clientKeyId, clientAddress, userAgent, request }: ChatCall): void {
    const log = this.logOf(requestId, clientKeyId);
    if (!log.isLevelEnabled('debug')) return;
    const rules = this.#rules.matching(requestId, clientKeyId);
    const asked = rules.some(({ prompts }) => prompts)
      ? { sent: quoteRequest(request) }
      : describeRequest(request);
    log.debug({ requestId, clientKeyId, clientAddress, userAgent, ...asked }, 'chat began');
  }

  settled({ id: requestId, clientKeyId, queueMs, story }: RequestRecord): void {
    this.logOf(requestId, clientKeyId).debug({ requestId, queueMs, ...story }, 'chat story');
  }
}
