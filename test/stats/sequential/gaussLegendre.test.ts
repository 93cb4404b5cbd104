import { expect, it } from 'vitest';
import { gaussLegendre } from '../../../src/stats/sequential/gaussLegendre.ts';
import { expectClose } from '../../support/golden.ts';

it('integrates a normal density that is narrow against the interval', () => {
  for (const spread of [0.01, 0.3, 5]) {
    const { nodes, weights } = gaussLegendre(-60 * spread, 60 * spread, spread);
    const density = (x: number) => Math.exp(-0.5 * (x / spread) ** 2) / (spread * Math.sqrt(2 * Math.PI));
    expectClose(
      nodes.reduce((sum, x, i) => sum + weights[i]! * density(x), 0),
      1,
      1e-13,
    );
  }
});

it('takes no more nodes than the spread asks for', () => {
  expect(gaussLegendre(0, 10, 1).nodes).toHaveLength(5 * 20);
  expect(gaussLegendre(0, 1, 9).nodes).toHaveLength(20);
  expect(gaussLegendre(0, 1, 1e-9).nodes).toHaveLength(500 * 20);
});
