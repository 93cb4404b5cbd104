import { isAnswer } from '../core/dispatch.ts';
import type { SmokeReport } from './BlueGreenEvent.ts';
import type { SmokeTest } from './BlueGreenOptions.ts';

/** Warms a model up, then asks it the smoke tests one after the other. Never throws: what breaks has failed. */
export async function smokeTest(
  predict: (input: unknown) => unknown,
  warmUp: readonly unknown[],
  tests: readonly SmokeTest[],
): Promise<SmokeReport> {
  let warmed = 0;
  for (const input of warmUp) {
    if ((await ask(predict, input)).error === undefined) warmed += 1;
  }
  const passed: string[] = [];
  const failed: { name: string; reason: string }[] = [];
  for (const { name, input, accept = isAnswer } of tests) {
    const { prediction, error } = await ask(predict, input);
    const reason = error ?? (await judge(accept as (prediction: unknown) => boolean, prediction));
    if (reason === undefined) passed.push(name);
    else failed.push({ name, reason });
  }
  return { warmed, passed, failed };
}

async function ask(predict: (input: unknown) => unknown, input: unknown) {
  try {
    return { prediction: await predict(input), error: undefined };
  } catch (error) {
    return { prediction: undefined, error: `threw ${String(error)}` };
  }
}

async function judge(accept: (prediction: unknown) => boolean, prediction: unknown): Promise<string | undefined> {
  try {
    return accept(prediction) ? undefined : 'the answer was not accepted';
  } catch (error) {
    return `the test broke: ${String(error)}`;
  }
}
