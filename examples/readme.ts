import { ABTest, absoluteError } from 'coronate';

const champion = { predict: (x: number) => 2 * x };
const challenger = { predict: (x: number) => 2 * x + 0.5 };
const test = new ABTest({
  name: 'yield-v2',
  seed: 42,
  champion,
  challenger: { model: challenger, trafficShare: 0.5 },
  metrics: [absoluteError({ role: 'goal', minEffect: { relative: 0.05 } })],
});
for (let wafer = 0; test.decide().decision === 'CONTINUE'; wafer += 1) {
  const { requestId } = test.serve(wafer, { unit: `wafer ${wafer}` });
  test.record(requestId, 2 * wafer + 0.6 + 0.3 * Math.sin(wafer)); // minutes or weeks later
}
console.log(test.decide().decision, test.decide().reasons[0]?.message);
