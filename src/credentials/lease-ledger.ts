import type { FailureVerdict, JudgeFailure } from '../upstream/failure-verdict.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { Credential } from './credential.ts';
import type { Peers } from './failure-streak.ts';
import { Lease, type LeaseOutcome } from './lease.ts';
import type { Loan } from './loan.ts';
import type { BrakePass, UpstreamBrake } from './upstream-brake.ts';

export interface LeaseLedgerOptions {
  judge: JudgeFailure;
  brake: UpstreamBrake;
  now: () => number;
  /** Who could be lent now. */
  peers: () => Peers;
  /** Something has happened to the health or the counts of a credential. */
  onChange: (id: string) => void;
  /** A lease was settled or confirmed: others may be served now. */
  onNews: () => void;
}

/** What is out, and with what it was let through. */
interface Borrowing {
  credential: Credential;
  loan: Loan;
  pass: BrakePass;
}

/** The leases that are out. What they come to is told to the credential and to the brake, once. */
export class LeaseLedger {
  readonly #options: LeaseLedgerOptions;
  readonly #inFlight = new Map<string, number>();
  readonly #heardOf = new WeakSet<UpstreamFailure>();
  #mintings = 0;

  constructor(options: LeaseLedgerOptions) {
    this.#options = options;
  }

  /** How many leases are out, by credential id; ids with none are absent. */
  get inFlight(): ReadonlyMap<string, number> {
    return this.#inFlight;
  }

  /** How many leases of one credential are out. */
  loadOf(id: string): number {
    return this.#inFlight.get(id) ?? 0;
  }

  /** Enters a lease. */
  lend(credential: Credential, loan: Loan, pass: BrakePass): Lease {
    this.#inFlight.set(credential.id, this.loadOf(credential.id) + 1);
    const borrowing = { credential, loan, pass };
    return new Lease(
      credential,
      (outcome) => this.#settle(borrowing, outcome),
      () => this.#confirm(borrowing),
    );
  }

  /** No lease came of it: the service admits no guest. Counts once for all who waited for the same. */
  noteMintingFailure(failure: UpstreamFailure, pass: BrakePass): void {
    const { brake, judge, now, peers } = this.#options;
    if (this.#heardOf.has(failure)) {
      brake.release(pass);
      return;
    }
    this.#heardOf.add(failure);
    const { scope } = judge(failure);
    this.#mintings += 1;
    const latest = {
      credentialId: `minting-${this.#mintings}`,
      isGuest: true,
      // There is no credential yet. What no service said is a limit of our own.
      scope: scope !== 'credential' ? scope : failure.status === null ? 'gateway' : 'address',
      failure,
      atMs: now(),
      takeBack: () => {},
    } as const;
    brake.fail(pass, latest, peers);
  }

  #confirm({ credential, loan }: Borrowing): void {
    loan.confirm();
    this.#options.brake.succeed();
    this.#options.onChange(credential.id);
    this.#options.onNews();
  }

  #settle(borrowing: Borrowing, outcome: LeaseOutcome): void {
    const { brake, onChange, onNews } = this.#options;
    const { credential, loan, pass } = borrowing;
    const left = this.loadOf(credential.id) - 1;
    if (left > 0) this.#inFlight.set(credential.id, left);
    else this.#inFlight.delete(credential.id);
    switch (outcome.state) {
      case 'completed':
        loan.complete();
        brake.succeed();
        break;
      case 'cancelled':
        loan.cancel();
        brake.release(pass);
        break;
      case 'failed':
        this.#fail(borrowing, outcome.failure);
        break;
      default:
        outcome satisfies never;
    }
    onChange(credential.id);
    onNews();
  }

  #fail({ credential, loan, pass }: Borrowing, failure: UpstreamFailure): void {
    const { brake, judge, now, onChange, peers } = this.#options;
    const verdict = judge(failure);
    const isExcused =
      brake.excuses(verdict.scope, failure) || this.#isIdleStrike(verdict, credential);
    const undo = loan.fail(isExcused ? { ...verdict, penalty: 'none' } : verdict, failure);
    const latest = {
      credentialId: credential.id,
      isGuest: credential.kind === 'guest',
      scope: verdict.scope,
      failure,
      atMs: now(),
      takeBack() {
        undo();
        onChange(credential.id);
      },
    };
    brake.fail(pass, latest, peers);
  }

  /**
   * A strike is a suspicion that another credential would do better. Against the only one there is,
   * it would keep everybody out for what one odd request has met in all of its attempts.
   */
  #isIdleStrike({ penalty }: FailureVerdict, { id, kind }: Credential): boolean {
    // A guest is replaced, at no loss to anybody.
    if (penalty !== 'strike' || kind === 'guest') return false;
    for (const other of this.#options.peers().usable) if (other !== id) return false;
    return true;
  }
}
