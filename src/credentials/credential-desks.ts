import type { UpstreamId } from '../upstream-id.ts';
import type { CheckedCredential, CredentialDesk, CredentialView } from './credential-desk.ts';
import { UnknownCredentialError, UpstreamOffError } from './credential-errors.ts';

/**
 * The desks of all upstreams. A credential is known by its id alone; of an id that two upstreams have (the
 * same value was given to both), the first one's is meant.
 */
export class CredentialDesks {
  readonly #desks: readonly CredentialDesk[];

  /** `desks`: in order of preference; at least one. */
  constructor(desks: readonly CredentialDesk[]) {
    this.#desks = desks;
  }

  /** The credentials of one upstream, of all when null. @throws UpstreamOffError */
  list(upstream: UpstreamId | null): CredentialView[] {
    const desks = upstream === null ? this.#desks : [this.at(upstream)];
    return desks.flatMap((desk) => desk.list());
  }

  /** Where one upstream's credentials are added; null = the web chat's, if it is on. @throws UpstreamOffError */
  at(upstream: UpstreamId | null): CredentialDesk {
    const wanted = this.#desks.find((desk) => desk.upstream === (upstream ?? 'zai-web'));
    const desk = wanted ?? (upstream === null ? this.#desks[0] : undefined);
    if (desk === undefined) throw new UpstreamOffError(upstream ?? 'zai-web');
    return desk;
  }

  /** The desk that has the credential, with what other processes have done. @throws UnknownCredentialError */
  of(id: string): CredentialDesk {
    const desk = this.#desks.find((one) => one.has(id));
    if (desk === undefined) throw new UnknownCredentialError(id);
    return desk;
  }

  /**
   * Asks the services about the credentials with these ids, in this order, or about all when null. See
   * `CredentialDesk.check`.
   *
   * @throws UnknownCredentialError
   */
  async check(ids: readonly string[] | null, signal: AbortSignal): Promise<CheckedCredential[]> {
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
