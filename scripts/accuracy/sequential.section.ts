import { readFileSync } from 'node:fs';
import type { AccuracySection } from './AccuracySection.ts';

type Results = Record<string, { measured: Record<string, number>; detail: string }>;

/** What the asymptotic sequences do not promise: tails that one small sample cannot know of. */
function claimed(method: string, name: string): boolean {
  if (method === 'asymptotic mean sequence') return !/lognormal|0\.002|0\.01/.test(name);
  return !(method.endsWith('with the Welch standard error') && name.endsWith('first arm 0.1'));
}

/** False alarms of the sequential methods at any look. */
export const section: AccuracySection = {
  title: 'False alarms under watching',
  order: 40,
  text: `
The share of runs that ever, at any look, exclude the truth or reject a true null: at 5 %, at 1 % for the staged
log-ratio sequence (the canary's judge), at 0.1 % where it says so. "first arm 0.1" splits the traffic 10 to 90. Where
the method does not claim its level the row says so: one sample of 100 cannot know its tail. Measured at full size by
\`npx tsx --conditions=@coronate/source scripts/measure-sequential.ts\`, seeded (scripts/accuracy/sequential.json).
`,
  header: ['method', 'case', 'claimed', 'ever wrong', 'how'],
  rows: () => {
    const results = JSON.parse(readFileSync(new URL('./sequential.json', import.meta.url), 'utf8')) as Results;
    return Object.entries(results).flatMap(([method, { measured, detail }]) =>
      Object.entries(measured).map(([name, rate]) => [
        method,
        name,
        claimed(method, name) ? 'yes' : '**no**',
        `${(100 * rate).toFixed(2)} %`,
        detail.split('; at most')[0]!.split(', at most')[0]!,
      ]),
    );
  },
};
