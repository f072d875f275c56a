import { TooManyLogRulesError } from './log-rule-errors.ts';

/** Which requests are to be logged at debug level, whatever the level of the log. */
export interface DebugRuleWish {
  /** The id of a client key; null = any, and none. */
  clientKeyId: string | null;
  /** How the request's id begins; null = any. */
  requestIdPrefix: string | null;
  /** Whether what the client has sent may be logged, too. */
  prompts: boolean;
}

export interface DebugRule extends DebugRuleWish {
  id: string;
  /** Unix ms. */
  untilMs: number;
}

/** Each is looked at with every request. */
const MAX_RULES = 20;

/** The rules in force. Each ends by itself. */
export class DebugRules {
  readonly #now: () => number;
  #rules: readonly DebugRule[] = [];

  /** `now`: Unix ms. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Those in force, the oldest first. */
  list(): readonly DebugRule[] {
    if (this.#rules.length > 0) {
      const nowMs = this.#now();
      this.#rules = this.#rules.filter(({ untilMs }) => untilMs > nowMs);
    }
    return this.#rules;
  }

  /** @throws TooManyLogRulesError */
  add(wish: DebugRuleWish, forMs: number): DebugRule {
    if (this.list().length >= MAX_RULES) throw new TooManyLogRulesError(MAX_RULES);
    const id = `rule_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}`;
    const rule = { ...wish, id, untilMs: this.#now() + forMs };
    this.#rules = [...this.#rules, rule];
    return rule;
  }

  /** Whether there was such a rule. */
  delete(id: string): boolean {
    const before = this.list();
    this.#rules = before.filter((rule) => rule.id !== id);
    return this.#rules.length < before.length;
  }

  /** The rules that a request falls under. */
  matching(requestId: string, clientKeyId: string | null): readonly DebugRule[] {
    const rules = this.list();
    if (rules.length === 0) return rules;
    return rules.filter(
      (rule) =>
        (rule.clientKeyId === null || rule.clientKeyId === clientKeyId) &&
        (rule.requestIdPrefix === null || requestId.startsWith(rule.requestIdPrefix)),
    );
  }
}
