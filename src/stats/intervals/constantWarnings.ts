import { varies } from '../tests/varies.ts';
import type { SampleMoments } from '../types.ts';

/** What to say where one of two samples does not vary: zeros of a rare event, for example. */
export function constantWarnings(a: SampleMoments, b: SampleMoments): readonly string[] {
  if (varies(a) && varies(b)) return [];
  return [`the ${varies(a) ? 'second' : 'first'} sample does not vary: its mean is taken for certain`];
}
