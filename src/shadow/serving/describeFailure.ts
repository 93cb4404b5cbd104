import { describeError } from '../../core/events.ts';
import type { ShadowFailure } from './ShadowJob.ts';

/** An error as plain data, named by its class: subclasses of Error that forget to set `name` are told apart too. */
export function describeFailure(error: unknown): ShadowFailure {
  const plain = describeError(error);
  if (plain.name !== 'Error') return plain;
  try {
    const name: unknown = (error as Error).constructor.name;
    return typeof name === 'string' && name !== '' && name !== 'Object' ? { ...plain, name } : plain;
  } catch {
    return plain;
  }
}
