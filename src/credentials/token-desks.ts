import type { UpstreamId } from '../upstream/upstream-id.ts';
import type { CheckedToken, TokenDesk, TokenView } from './token-desk.ts';
import { UnknownTokenError, UpstreamOffError } from './token-errors.ts';

/**
 * The desks of all upstreams. A token is known by its id alone; of an id that two upstreams have (the
 * same value was given to both), the first one's is meant.
 */
export class TokenDesks {
  readonly #desks: readonly TokenDesk[];

  /** `desks`: in order of preference; at least one. */
  constructor(desks: readonly TokenDesk[]) {
    this.#desks = desks;
  }

  /** The tokens of one upstream, of all when null. @throws UpstreamOffError */
  list(upstream: UpstreamId | null): TokenView[] {
    const desks = upstream === null ? this.#desks : [this.at(upstream)];
    return desks.flatMap((desk) => desk.list());
  }

  /** Where one upstream's tokens are added; null = the web chat's, if it is on. @throws UpstreamOffError */
  at(upstream: UpstreamId | null): TokenDesk {
    const wanted = this.#desks.find((desk) => desk.upstream === (upstream ?? 'zai-web'));
    const desk = wanted ?? (upstream === null ? this.#desks[0] : undefined);
    if (desk === undefined) throw new UpstreamOffError(upstream ?? 'zai-web');
    return desk;
  }

  /** The desk that has the token, with what other processes have done. @throws UnknownTokenError */
  of(id: string): TokenDesk {
    const desk = this.#desks.find((one) => one.has(id));
    if (desk === undefined) throw new UnknownTokenError(id);
    return desk;
  }

  /**
   * Asks the services about the tokens with these ids, in this order, or about all when null. See
   * `TokenDesk.check`.
   *
   * @throws UnknownTokenError
   */
  async check(ids: readonly string[] | null, signal: AbortSignal): Promise<CheckedToken[]> {
    const wanted = ids === null ? null : [...new Set(ids)];
    const byDesk = wanted && Map.groupBy(wanted, (id) => this.of(id));
    const asking = this.#desks.map((desk) =>
      desk.check(byDesk === null ? null : (byDesk.get(desk) ?? []), signal),
    );
    const checked = (await Promise.all(asking)).flat();
    if (wanted === null) return checked;
    const byId = new Map(checked.map((one) => [one.id, one]));
    return wanted.flatMap((id) => byId.get(id) ?? []);
  }
}
