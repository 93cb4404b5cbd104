// Beyond the notebook's cells: the forest watches the line's traffic before anybody sees one of its answers.
import { rmse } from 'coronate/metrics';
import { ShadowRunner } from 'coronate/shadow';
import { fields, heading, paragraph, percent, table } from '../lib/print.ts';
import type { Figures } from './Figures.ts';
import type { Stage } from './stage.ts';

/** Runs both forests in the shadow of the line on the notebook's 200 requests. */
export async function watchShadows({ linear, forest, simpleForest, test }: Stage, figures: Figures): Promise<void> {
  heading('4. Shadow: the next model answers everything, and nobody notices');
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1;
  // The whole run is a batch: shadows may use all of the core. A service leaves the default of 1 %.
  const runner = new ShadowRunner({
    primary: linear,
    shadows: { forest, simpleForest },
    metrics: [rmse()],
    compare: close,
    cpuShare: 1,
    seed: 42,
  });
  let changed = 0;
  test.rows.forEach((row, i) => {
    const { requestId, prediction } = runner.serve(row);
    if (prediction !== linear.predict(row)) changed += 1;
    runner.record(requestId, test.yields[i]);
  });
  await runner.drain();
  const both = ['forest', 'simpleForest'].map((name) => runner.compare(name));
  table(
    ['shadow', 'compared', 'within 1 %', 'RMSE primary', 'RMSE shadow'],
    both.map(({ shadow, compared, agreement = 0, metrics: [error] }) => [
      shadow,
      compared,
      percent(agreement),
      error!.primary!.toFixed(3),
      error!.shadow!.toFixed(3),
    ]),
  );
  fields({
    'answers changed by shadows': changed,
    'requests dropped': both.reduce((sum, { offered, compared }) => sum + offered - compared, 0),
  });
  paragraph(
    'Two hundred requests were enough to see what the canary will find: neither forest should replace the line.',
  );
  figures.same('answers changed by shadows', changed, 0);
  figures.same(
    'requests compared',
    both.map(({ compared }) => compared),
    [200, 200],
  );
  figures.holds(
    'the shadow sees that the forest is worse',
    both[0]!.metrics[0]!.shadow! > both[0]!.metrics[0]!.primary!,
  );
}
