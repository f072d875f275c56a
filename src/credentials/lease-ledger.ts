import type { FailureVerdict, JudgeFailure, Penalty } from '../upstream/failure-verdict.ts';
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
  conversation: string;
}

/** The leases that are out. What they come to is told to the credential and to the brake, once. */
export class LeaseLedger {
  readonly #options: LeaseLedgerOptions;
  readonly #inFlight = new Map<string, number>();
  /** By credential id: the conversations that have struck it since it last served anyone. */
  readonly #strikers = new Map<string, Set<string>>();
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
  lend(credential: Credential, loan: Loan, pass: BrakePass, conversation: string): Lease {
    this.#inFlight.set(credential.id, this.loadOf(credential.id) + 1);
    const borrowing = { credential, loan, pass, conversation };
    return new Lease(
      credential,
      (outcome) => this.#settle(borrowing, outcome),
      () => this.#confirm(borrowing),
    );
  }

  /** No lease came of it: the service admits no guest. Counts once for all who waited for the same. */
  noteMintingFailure(failure: UpstreamFailure, pass: BrakePass, conversation: string): void {
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
      conversation,
      isFinal: false,
      failure,
      atMs: now(),
      takeBack: () => {},
    } as const;
    brake.fail(pass, latest, peers);
  }

  #confirm({ credential, loan, pass }: Borrowing): void {
    loan.confirm();
    this.#strikers.delete(credential.id);
    this.#options.brake.succeed(pass);
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
        this.#strikers.delete(credential.id);
        brake.succeed(pass);
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

  #fail({ credential, loan, pass, conversation }: Borrowing, failure: UpstreamFailure): void {
    const { brake, judge, now, onChange, peers } = this.#options;
    const verdict = judge(failure);
    const isExcused = brake.excuses(verdict.scope, failure);
    const penalty = isExcused ? 'none' : this.#dueFrom(credential, verdict, conversation);
    const undo = loan.fail({ ...verdict, penalty }, failure);
    const latest = {
      credentialId: credential.id,
      isGuest: credential.kind === 'guest',
      conversation,
      scope: verdict.scope,
      isFinal: penalty === 'out',
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
   * What a failure costs. Against the only credential there is, a suspicion would keep everybody out:
   * a strike costs it nothing then, and a rejection that may be a mistake a pause. And one odd
   * conversation strikes a credential once, however often it is tried.
   */
  #dueFrom({ id, kind }: Credential, { penalty }: FailureVerdict, conversation: string): Penalty {
    // A guest is replaced, at no loss to anybody.
    if (kind === 'guest' || (penalty !== 'strike' && penalty !== 'doubt')) return penalty;
    if (this.#isOnlyHope(id)) return penalty === 'doubt' ? 'pause' : 'none';
    if (penalty === 'doubt') return penalty;
    const strikers = this.#strikers.get(id) ?? new Set();
    this.#strikers.set(id, strikers);
    if (strikers.has(conversation)) return 'none';
    strikers.add(conversation);
    return penalty;
  }

  #isOnlyHope(id: string): boolean {
    const { usable, guests } = this.#options.peers();
    if (guests) return false;
    for (const other of usable) if (other !== id) return false;
    return true;
  }
}
