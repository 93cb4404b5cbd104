import type { Clock } from '../core/clock.ts';
import { CoronateError } from '../core/errors.ts';

/**
 * What a call to the outside resolves to, or an error after so many milliseconds: what hangs must not hang its caller. The
 * call hears of it by its signal.
 */
export function withLimit<T>(
  clock: Clock,
  ms: number,
  what: string,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.schedule(() => {
      const error = new CoronateError('ERR_TIMEOUT', `${what} did not answer within ${ms} ms`);
      controller.abort(error);
      reject(error);
    }, ms);
    const started = async (): Promise<T> => call(controller.signal);
    started().then(resolve, reject).finally(cancel);
  });
}
