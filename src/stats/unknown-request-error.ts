import { GatewayError } from '../errors.ts';

/** 404: no settled request has this id; it may still run, or its record has been deleted. */
export class UnknownRequestError extends GatewayError {
  override readonly name = 'UnknownRequestError';
  constructor(id: string) {
    const message = `There is no settled request '${id}'. GET /v1/requests lists those that are kept.`;
    super({ message, status: 404, type: 'invalid_request_error', code: 'request_not_found' });
  }
}
