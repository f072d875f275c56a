import type { Credential } from '../../credentials/credential.ts';
import type { CredentialPool } from '../../credentials/credential-pool.ts';
import type { LeaseWish } from '../../credentials/lease-wish.ts';
import type { JudgeFailure, NextStep } from '../../upstream/failure-verdict.ts';
import type { LiveModel } from '../../upstream/live-model.ts';
import type { UpstreamExchange } from '../../upstream/upstream-request.ts';
import type { UpstreamResult } from '../../upstream/upstream-result.ts';
import type { UpstreamFailure } from '../../upstream-failure.ts';
import type { UpstreamId } from '../../upstream-id.ts';
import type { ChatImages } from '../chat-images.ts';
import type { ChatPlan } from '../plan-chat.ts';

/** One upstream, as far as the main thread decides. */
export interface Upstream extends AsyncDisposable {
  readonly id: UpstreamId;
  readonly credentials: CredentialPool;
  readonly judge: JudgeFailure;
  /**
   * The models it says it has; null when it has no list of them. Rejects only when `signal` aborts.
   */
  listModels(signal: AbortSignal): Promise<UpstreamResult<LiveModel[]> | null>;
  /** A chat's use of this upstream; null when it does not serve the chat's model. */
  visit(plan: ChatPlan, images: ChatImages): UpstreamVisit | null;
}

/** One choice of one chat on one upstream, through all its attempts there. */
export interface UpstreamVisit {
  readonly upstream: Pick<Upstream, 'id' | 'judge'> & {
    readonly credentials: Pick<CredentialPool, 'lease'>;
  };
  /** Which credentials will do. */
  readonly wish: Pick<LeaseWish, 'model' | 'need'>;
  /** Parameters the client set that this upstream does not honour. */
  readonly droppedParams: readonly string[];
  /**
   * Everything that one attempt needs, ready to go to a thread.
   *
   * Rejects when `signal` aborts, with its reason, and with a `GatewayError` for what is wrong with
   * the request itself: an image that can't be had.
   *
   * @param reminder what the model is told because an earlier attempt ignored it; null = nothing.
   */
  prepare(
    credential: Credential,
    reminder: string | null,
    signal: AbortSignal,
  ): Promise<UpstreamResult<UpstreamExchange>>;
  /**
   * Takes note of how the last attempt failed, and of the step that follows from it by itself; the
   * answer is the step to take, which is another one when what was wrong has been put right.
   */
  reconsider(failure: UpstreamFailure, step: NextStep): Promise<NextStep>;
}
