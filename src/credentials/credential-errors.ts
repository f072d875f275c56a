import { GatewayError } from '../errors.ts';
import type { UpstreamFailure } from '../upstream-failure.ts';
import type { UpstreamId } from '../upstream-id.ts';

/** 404: the gateway has no credential of this id; it may have been deleted. */
export class UnknownCredentialError extends GatewayError {
  override readonly name = 'UnknownCredentialError';
  constructor(id: string) {
    const message = `There is no token '${id}'. GET /v1/token-pool/tokens lists those that are there.`;
    super({ message, status: 404, type: 'invalid_request_error', code: 'token_not_found' });
  }
}

/** 400: a credential of an upstream that the gateway does not serve from. */
export class UpstreamOffError extends GatewayError {
  override readonly name = 'UpstreamOffError';
  constructor(upstream: UpstreamId) {
    const message = `The gateway does not serve from '${upstream}': the setting UPSTREAMS has to name it.`;
    const type = 'invalid_request_error';
    super({ message, status: 400, type, code: 'upstream_off', param: 'upstream' });
  }
}

/** 409: what was to be deleted stands for a server that is asked without a key. */
export class KeylessServerError extends GatewayError {
  override readonly name = 'KeylessServerError';
  constructor() {
    const message =
      'There is no key to delete: the server is asked without one. It can be disabled.';
    super({ message, status: 409, type: 'invalid_request_error', code: 'no_key_to_delete' });
  }
}

/** 409: the credential is there already. */
export class CredentialExistsError extends GatewayError {
  override readonly name = 'CredentialExistsError';
  constructor(id: string) {
    const message = `The token is there already: GET /v1/token-pool/tokens/${id}.`;
    const type = 'invalid_request_error';
    super({ message, status: 409, type, code: 'token_exists', param: 'token' });
  }
}

/** 422: by its looks it can't be one, or the service says that it is no account's. */
export class CredentialRefusedError extends GatewayError {
  override readonly name = 'CredentialRefusedError';
  constructor(reason: string) {
    const message = `The token was not added: ${reason}`;
    const type = 'invalid_request_error';
    super({ message, status: 422, type, code: 'token_refused', param: 'token' });
  }
}

/** 503: the service could not be asked about the credential, so it was not added. */
export class CredentialNotCheckedError extends GatewayError {
  override readonly name = 'CredentialNotCheckedError';
  constructor({ message: reason, retryAfterMs }: UpstreamFailure) {
    const message = `The token could not be checked, and was not added: ${reason}`;
    const code = 'token_not_checked';
    const retryAfterSeconds = Math.max(1, Math.ceil((retryAfterMs ?? 30_000) / 1000));
    super({ message, status: 503, type: 'server_error', code, retryAfterSeconds });
  }
}

/** 503: SQLite did not take the change; another process may be holding it up. */
export class PoolNotSavedError extends GatewayError {
  override readonly name = 'PoolNotSavedError';
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const message = `The change could not be saved (${reason}). Nothing was changed; try again.`;
    const code = 'token_pool_not_saved';
    super({ message, status: 503, type: 'server_error', code, retryAfterSeconds: 1, cause });
  }
}
