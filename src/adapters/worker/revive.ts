import type { PlainError } from './protocol.ts';

/** The error of another thread, as one of this. */
export function revive({ name, message }: PlainError): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}
