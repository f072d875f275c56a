import { type Accounts, createAccounts } from './accounts.ts';
import { FIRST_FE_VERSION } from './fe-version.ts';
import { SERVED_MODELS, type ServedModel } from './models.ts';
import { FRONT_END_SECRET } from './signature.ts';

/** How the simulated service differs from the usual one. */
export interface ServiceOptions {
  /** Default: the front end's public constant. */
  signingSecret?: string;
  /** Default `prod-fe-1.0.95`. */
  feVersion?: string;
  /** Default: the documented table and two more. */
  models?: readonly ServedModel[];
  /** Whether a new chat is answered as `{id}` or as `{chat: {id}}`; both occur. Default `flat`. */
  createdChatShape?: 'flat' | 'nested';
  /** Completions that a guest may ask for until it deletes its chats. Default: no limit. */
  guestChatLimit?: number;
  /** Completions that a guest may have running at once. Default: no limit. */
  guestConcurrency?: number;
  /** The service's clock, epoch ms. Default `Date.now`. */
  now?: () => number;
}

/** A file that was uploaded. */
interface StoredFile {
  /** The token that uploaded it. */
  token: string;
  /** What the upload was answered with. */
  answer: { id: string; filename: string; user_id: string; meta: { size: number } };
  bytes: Uint8Array;
}

/** What the service remembers between calls. One per simulator. */
export interface ServiceState {
  readonly signingSecret: string;
  feVersion: string;
  readonly models: readonly ServedModel[];
  readonly createdChatShape: 'flat' | 'nested';
  readonly guestChatLimit: number;
  readonly guestConcurrency: number;
  readonly now: () => number;
  readonly accounts: Accounts;
  /** Created chats: id → the token that created it. */
  readonly chats: Map<string, string>;
  /** Uploaded files, by id. */
  readonly files: Map<string, StoredFile>;
  /** The request ids of the last completions, oldest first. */
  readonly requestIds: Set<string>;
}

/** A service on which nothing has happened yet. */
export function createServiceState(options: ServiceOptions): ServiceState {
  return {
    signingSecret: options.signingSecret ?? FRONT_END_SECRET,
    feVersion: options.feVersion ?? FIRST_FE_VERSION,
    models: options.models ?? SERVED_MODELS,
    createdChatShape: options.createdChatShape ?? 'flat',
    guestChatLimit: options.guestChatLimit ?? Number.POSITIVE_INFINITY,
    guestConcurrency: options.guestConcurrency ?? Number.POSITIVE_INFINITY,
    now: options.now ?? Date.now,
    accounts: createAccounts(),
    chats: new Map(),
    files: new Map(),
    requestIds: new Set(),
  };
}
