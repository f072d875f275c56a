import { type UpstreamFailure, upstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';
import type { CredentialEntry } from './credential-entry.ts';
import { isDue } from './health.ts';
import type { CredentialNeed } from './lease-wish.ts';

export interface LackContext {
  upstream: UpstreamId;
  need: CredentialNeed;
  /** Whether guests are allowed (setting `ANONYMOUS_MODE`). */
  guests: boolean;
  /** null: whatever the model. */
  model: string | null;
  /** Unix ms. */
  nowMs: number;
}

const WORDS = {
  'zai-web': {
    service: 'chat.z.ai',
    credential: 'chat.z.ai credential',
    noun: 'account token',
    setting: 'ZAI_TOKENS',
  },
  'zai-api': {
    service: 'The API of Z.ai',
    credential: 'Z.ai API key',
    noun: 'API key',
    setting: 'ZAI_API_KEYS',
  },
} as const satisfies Record<UpstreamId, object>;

/**
 * Why none of an upstream's credentials can be lent, as a failure. Those that cool down: the one
 * that comes back first tells the kind, and when. Otherwise `credential-rejected`, which says what
 * an operator can do. Pure.
 */
export function describeLack(
  entries: Iterable<CredentialEntry>,
  context: LackContext,
): UpstreamFailure {
  const all = [...entries];
  const enabled = all.filter(({ disabled }) => !disabled);
  const cooling = soonestCooling(enabled, context);
  if (cooling !== null) {
    const { kind, reason, retryAfterMs } = cooling;
    const seconds = Math.ceil(retryAfterMs / 1000);
    const message = `None of the gateway's credentials can be used for the next ${seconds} s. ${reason}`;
    return upstreamFailure(kind, message, { retryAfterMs });
  }
  return upstreamFailure('credential-rejected', describeLoss(all, enabled, context));
}

interface SoonestCooling {
  kind: UpstreamFailure['kind'];
  reason: string;
  retryAfterMs: number;
}

function soonestCooling(
  entries: readonly CredentialEntry[],
  { model, nowMs }: LackContext,
): SoonestCooling | null {
  let soonest: SoonestCooling | null = null;
  for (const entry of entries) {
    const healths = [entry.health, ...(model === null ? [] : [entry.healthWith(model)])];
    if (healths.some(({ state }) => state === 'out')) continue;
    // It is back when both are.
    const blocking = healths
      .flatMap((health) => (health.state === 'cooling' && !isDue(health, nowMs) ? [health] : []))
      .toSorted((one, other) => other.untilMs - one.untilMs)[0];
    if (blocking === undefined) continue;
    const { kind, reason, untilMs } = blocking;
    const retryAfterMs = Math.max(1_000, untilMs - nowMs);
    if (soonest === null || retryAfterMs < soonest.retryAfterMs) {
      soonest = { kind, reason, retryAfterMs };
    }
  }
  return soonest;
}

function describeLoss(
  all: readonly CredentialEntry[],
  enabled: readonly CredentialEntry[],
  { upstream, need, guests, model }: LackContext,
): string {
  const { service, credential, noun, setting } = WORDS[upstream];
  const canAllowGuests = upstream === 'zai-web' && need === 'any' && !guests;
  const orGuests = canAllowGuests ? ', or allow guests with ANONYMOUS_MODE=true' : '';
  if (all.length === 0) {
    return `The gateway has no ${credential}: set ${setting}${orGuests}.`;
  }
  if (enabled.length === 0) {
    return `Every ${noun} of the gateway is disabled: enable one, or set another in ${setting}${orGuests}.`;
  }
  if (enabled.every(({ health }) => health.state === 'out')) {
    return `${service} rejects every ${noun} of the gateway: renew ${setting}${orGuests}.`;
  }
  const isOut = (entry: CredentialEntry) =>
    entry.health.state === 'out' || (model !== null && entry.healthWith(model).state === 'out');
  if (enabled.every(isOut)) {
    return `${service} serves this model to no ${noun} of the gateway: add another to ${setting}.`;
  }
  return 'Every credential of the gateway has been tried for this request.';
}
