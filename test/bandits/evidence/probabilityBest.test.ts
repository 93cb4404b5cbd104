import { describe, expect, it } from 'vitest';
import { probabilityBestBeta, probabilityBestStudent } from '../../../src/bandits/evidence/probabilityBest.ts';
import { expectClose } from '../../support/golden.ts';

describe('probabilityBestBeta', () => {
  it('agrees with mpmath (quad of pdf times cdfs, 30 digits), a hopeless arm included', () => {
    const p = probabilityBestBeta([
      { alpha: 6, beta: 50 },
      { alpha: 14.05, beta: 8.45 },
      { alpha: 25.5, beta: 22.5 },
      { alpha: 9.11, beta: 9.89 },
    ]);
    expectClose(p[0]!, 3.331663585344482e-10, 1e-9);
    expectClose(p[1]!, 0.6974095079461546, 1e-12);
    expectClose(p[2]!, 0.1772803077704319, 1e-12);
    expectClose(p[3]!, 0.1253101839502471, 1e-12);
  });

  it('agrees with closed forms', () => {
    const uniform = { alpha: 1, beta: 1 };
    for (const size of [1, 2, 3, 20]) {
      const p = probabilityBestBeta(Array.from({ length: size }, () => uniform));
      for (const x of p) expectClose(x, 1 / size, 1e-12);
    }
    // Beta(a, 1) is the maximum of a uniform draws; Beta(1, b) the minimum of b.
    const best = probabilityBestBeta([{ alpha: 7, beta: 1 }, { alpha: 3, beta: 1 }, uniform]);
    expectClose(best[0]!, 7 / 11, 1e-12);
    expectClose(best[1]!, 3 / 11, 1e-12);
    expectClose(probabilityBestBeta([{ alpha: 1, beta: 4 }, uniform])[0]!, 1 / 5, 1e-12);
  });

  it('keeps its accuracy where a narrow belief meets a wide one, and where shapes are tiny', () => {
    // P(Beta(1, 1) > X) = 1 - E X for any X in [0, 1].
    for (const [alpha, beta] of [
      [3e5, 7e5],
      [0.01, 0.02],
      [0.001, 1e6],
      [2e6, 3],
    ] as const) {
      const p = probabilityBestBeta([
        { alpha: 1, beta: 1 },
        { alpha, beta },
      ]);
      expectClose(p[0]!, beta / (alpha + beta), 1e-9, `beta(${alpha}, ${beta})`);
    }
  });

  it('refuses what is no belief', () => {
    expect(() => probabilityBestBeta([])).toThrow('beliefs must be a list of at least one belief');
    expect(() => probabilityBestBeta([{ alpha: 0, beta: 1 }])).toThrow('beliefs[0] must be of finite shapes above 0');
    expect(() => probabilityBestBeta([{ alpha: Number.NaN, beta: 1 }])).toThrow('beliefs[0] must be');
  });
});

describe('probabilityBestStudent', () => {
  it('agrees with the normal difference, and with symmetry at any df', () => {
    // P(N(1, 2^2) > N(0, 1)) = Phi(1 / sqrt 5) = 0.67263957…
    const normal = probabilityBestStudent([
      { location: 1, scale: 2, df: Number.POSITIVE_INFINITY },
      { location: 0, scale: 1, df: Number.POSITIVE_INFINITY },
    ]);
    expectClose(normal[0]!, 0.6726395769907115, 1e-12);
    for (const df of [0.5, 1, 2, 7, 300, 1e6]) {
      const p = probabilityBestStudent(Array.from({ length: 3 }, () => ({ location: 5, scale: 0.1, df })));
      for (const x of p) expectClose(x, 1 / 3, 1e-10, `df ${df}`);
    }
  });

  it('agrees with the Cauchy difference', () => {
    // The difference of two Cauchy values is Cauchy with the sum of the scales: P = 1/2 + atan(1 / 4) / pi.
    const p = probabilityBestStudent([
      { location: 1, scale: 1, df: 1 },
      { location: 0, scale: 3, df: 1 },
    ]);
    expectClose(p[0]!, 0.5 + Math.atan(0.25) / Math.PI, 1e-10);
  });

  it('refuses what is no belief', () => {
    expect(() => probabilityBestStudent([{ location: 0, scale: 0, df: 3 }])).toThrow('beliefs[0] must be finite');
    expect(() => probabilityBestStudent([])).toThrow('at least one belief');
  });
});
