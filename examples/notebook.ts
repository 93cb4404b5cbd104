// The notebook, end to end, on real models: npm run notebook

import { heading, paragraph } from './lib/print.ts';
import { testChallenger } from './notebook/abtest.ts';
import { playBandits } from './notebook/bandits.ts';
import { rollOutCanaries } from './notebook/canary.ts';
import { Figures } from './notebook/Figures.ts';
import { watchShadows } from './notebook/shadow.ts';
import { setStage } from './notebook/stage.ts';

heading('coronate: the notebook, end to end');
paragraph("Three models learn to predict the yield of wafers from 800 of the notebook's 1,000 rows.");
const figures = new Figures();
const stage = await setStage();
testChallenger(stage, figures);
rollOutCanaries(stage, figures);
playBandits(stage, figures);
await watchShadows(stage, figures);

heading('Figures that must agree');
for (const { name, got, want, agrees } of figures.all) {
  console.log(`  ${agrees ? 'agrees' : 'DIFFERS'}  ${name}`);
  if (!agrees) console.log(`          got ${got}\n          want ${want}`);
}
if (figures.wrong.length > 0) process.exitCode = 1;
console.log(`\n${figures.all.length - figures.wrong.length} of ${figures.all.length} figures agree.`);
