import { expect, it } from 'vitest';
import { OldestEntry } from '../../src/metrics/OldestEntry.ts';
import { createRng } from '../../src/random/index.ts';

it('is the first entry of the map after any deletions and insertions', () => {
  const map = new Map<string, { readonly n: number }>();
  const oldest = new OldestEntry(map);
  const rng = createRng(5);
  expect(oldest.peek()).toBeUndefined();
  for (let i = 0; i < 5000; i += 1) {
    const id = String(Math.floor(rng.next() * 40));
    if (rng.next() < 0.5) map.delete(id);
    else if (!map.has(id)) map.set(id, { n: i });
    if (rng.next() < 0.5) expect(oldest.peek()).toEqual(map.entries().next().value);
    if (rng.next() < 0.01) map.clear();
  }
});
