import { checkName } from './check.ts';
import { InvalidOptionError } from './errors.ts';
import type { Request } from './Model.ts';

const NOTHING: Request = Object.freeze({});

/**
 * What a caller said about a request: nothing where it is undefined or null, as JSON and optional chains have it. Anything
 * else that is no object is a mistake (a unit handed in where `{ unit }` was meant) and would be ignored.
 *
 * @throws InvalidOptionError, also for an id that is no non-empty string: before anything has been counted
 */
export function checkRequest(request: Request | null | undefined): Request {
  if (typeof request === 'object' && request !== null) {
    if (request.id !== undefined) checkName('request.id', request.id);
    return request;
  }
  if (request === undefined || request === null) return NOTHING;
  throw new InvalidOptionError('request', request, 'an object: { id, unit, signal, context, truth }');
}
