import { InvalidRequestError, ModelNotFoundError } from '../errors.ts';
import type { ChatImages } from './chat-images.ts';
import type { ChatPlan } from './plan-chat.ts';
import type { Upstream, UpstreamVisit } from './upstreams/upstream.ts';

/**
 * A choice's visits to all upstreams that can serve its chat, in order of preference; at least one.
 *
 * @throws InvalidRequestError when none takes the chat's images, ModelNotFoundError when none has
 *   its model.
 */
export function openVisits(
  upstreams: readonly Upstream[],
  plan: ChatPlan,
  images: ChatImages,
): UpstreamVisit[] {
  const visits = upstreams.flatMap((upstream) => upstream.visit(plan, images) ?? []);
  if (visits.length > 0) return visits;
  const [image] = images.sources;
  if (image === undefined) throw new ModelNotFoundError(plan.model.publicName);
  const message =
    'Images need an account of chat.z.ai, and the gateway has none: its operator can set ZAI_TOKENS.';
  throw new InvalidRequestError(message, image.param, 'image_needs_account');
}
