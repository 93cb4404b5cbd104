import {
  AssignedDifferenceSequence,
  BettingSequence,
  eBenjaminiHochberg,
  HedgedCapital,
  mcnemarLogEValue,
} from '../../src/stats/sequential/index.ts';
import type { Simulation, SimulationResult, SimulationScale } from './Simulation.ts';
import { alarmRate, each, exactly, exactSize, looks, type Source, sources } from './sequentialSupport.ts';

const ALPHA = 0.05;
const THRESHOLD = -Math.log(ALPHA);
const { rare, seldom, some, even, skewed } = sources;

function betting(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = exactSize(scale);
  const list = Object.fromEntries([rare, seldom, some, even, skewed].map((source) => [source.name, source]));
  return each(
    'betting',
    { repetitions, how: `every look from 1 to ${horizon}` },
    list,
    (rng, { mean, draw }: Source) => {
      const sequence = new BettingSequence({ bins: 16 });
      return looks(1, horizon, 50).some((look) => {
        while (sequence.n < look) sequence.push(draw(rng));
        return sequence.logEValue({ nullValue: mean }) >= THRESHOLD;
      });
    },
  );
}

function hedged(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = exactSize(scale);
  const list = Object.fromEntries([rare, seldom, some, even, skewed].map((source) => [source.name, source]));
  return each(
    'hedged',
    { repetitions, how: `every observation up to ${horizon}` },
    list,
    (rng, { mean, draw }: Source) => {
      const capital = new HedgedCapital({ nullValue: mean });
      while (capital.n < horizon) if (capital.push(draw(rng)).logEValue >= THRESHOLD) return true;
      return false;
    },
  );
}

function assigned({ full }: SimulationScale): SimulationResult {
  const repetitions = full ? 400 : 60;
  const horizon = full ? 5000 : 1000;
  const drifting = (n: number): number => 0.01 + (0.2 * n) / horizon;
  const cases: Record<string, { share: number; rate: (n: number) => number }> = {};
  for (const share of [0.5, 0.1]) {
    for (const rate of [0.002, 0.01, 0.1, 0.5]) cases[`rate ${rate}, share ${share}`] = { share, rate: () => rate };
    cases[`drift from 0.01 to 0.21, share ${share}`] = { share, rate: drifting };
  }
  return each('assigned', { repetitions, how: `every look from 1 to ${horizon}` }, cases, (rng, { share, rate }) => {
    const sequence = new AssignedDifferenceSequence({ share, bins: 64 });
    let n = 0;
    return looks(1, horizon, 50).some((look) => {
      for (; n < look; n += 1) sequence.push(rng.next() < share, rng.next() < rate(n) ? 1 : 0);
      return sequence.logEValue() >= THRESHOLD;
    });
  });
}

function mcnemar(scale: SimulationScale): SimulationResult {
  const { repetitions, horizon } = exactSize(scale);
  const how = `every look up to ${horizon}`;
  return each(
    'mcnemar',
    { repetitions, how },
    { 'disagreement 1 %': 0.01, 'disagreement 5 %': 0.05, 'disagreement 20 %': 0.2 },
    (rng, disagreement) => {
      const counts = { onlyFirst: 0, onlySecond: 0, pairs: 0 };
      return looks(1, horizon, 100).some((look) => {
        for (; counts.pairs < look; counts.pairs += 1) {
          const u = rng.next();
          if (u < disagreement / 2) counts.onlyFirst += 1;
          else if (u < disagreement) counts.onlySecond += 1;
        }
        return mcnemarLogEValue(counts) >= THRESHOLD;
      });
    },
  );
}

/** Ten metrics, two of them truly better, stopped at the look where e-BH rejects most. */
function discoveries({ full }: SimulationScale): SimulationResult {
  const repetitions = full ? 400 : 50;
  let share = 0;
  const power = alarmRate('e-bh', repetitions, (rng) => {
    const counts = Array.from({ length: 10 }, () => ({ onlyFirst: 0, onlySecond: 0, pairs: 0 }));
    let worst = 0;
    let found = false;
    for (const look of looks(50, 1500, 50)) {
      for (const [i, count] of counts.entries()) {
        for (; count.pairs < look; count.pairs += 1) {
          const u = rng.next();
          if (u < (i < 2 ? 0.15 : 0.1)) count.onlyFirst += 1;
          else if (u < 0.2) count.onlySecond += 1;
        }
      }
      const { rejected } = eBenjaminiHochberg(counts.map((count) => mcnemarLogEValue(count)));
      const all = rejected.filter(Boolean).length;
      const wrong = rejected.slice(2).filter(Boolean).length;
      worst = Math.max(worst, all === 0 ? 0 : wrong / all);
      found ||= rejected[0]! && rejected[1]!;
    }
    share += worst / repetitions;
    return found;
  });
  const allowed = ALPHA + 3 * Math.sqrt((ALPHA * (1 - ALPHA)) / repetitions);
  const measured = { 'largest false discovery share over the looks': share, 'both better ones found': power };
  return {
    measured,
    passed: share <= allowed && power > 0.9,
    detail: `${repetitions} histories, at most ${allowed.toFixed(4)} allowed`,
  };
}

export const simulations: readonly Simulation[] = [
  { name: 'betting sequence', claim: exactly, run: betting },
  { name: 'hedged capital', claim: exactly, run: hedged },
  { name: 'assigned difference sequence', claim: `${exactly}, also where the common rate drifts`, run: assigned },
  { name: 'McNemar e-process', claim: exactly, run: mcnemar },
  { name: 'e-BH', claim: 'false discovery rate at most 5 % at whatever look one stops', run: discoveries },
];
