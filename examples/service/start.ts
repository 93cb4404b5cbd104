// The service, up until Ctrl-C, with its state in .tmp/service, so that it goes on where it was.
// Run: npm run example -- examples/service/start.ts 8080
//
//   curl localhost:8080/predict -H 'content-type: application/json' -d '{"row":[1,0.5,1000,25,120],"unit":"lot-1"}'
//   curl localhost:8080/truth   -H 'content-type: application/json' -d '{"id":"<the id of the answer>","truth":64}'
//   curl localhost:8080/status ; curl localhost:8080/story ; curl localhost:8080/metrics
//   curl localhost:8080/act     -H 'content-type: application/json' -d '{"act":"skip","actor":"ada","reason":"a try"}'
import { FileStore } from 'coronate/adapters/file';
import { trainForest } from '../lib/forest.ts';
import { trainLinear } from '../lib/linear.ts';
import { loadWafers } from '../lib/wafer.ts';
import { createService } from './server.ts';

const port = Number(process.argv[2] ?? 8080);
const { train } = loadWafers();
const current = await trainForest(train.rows.slice(0, 400), train.yields.slice(0, 400), { trees: 10, maxDepth: 5 });
const candidate = trainLinear(train.rows, train.yields);
const store = await FileStore.open('.tmp/service');
const service = await createService({ current, candidate, store });
console.log(`up at ${await service.server.listen({ host: '127.0.0.1', port })}`);
process.once('SIGINT', () => {
  console.log('stopping');
  service
    .stop()
    .then(({ pending, saved }) => console.log(saved ? `saved, ${pending} shadows given up` : 'not saved'))
    .then(() => store.close());
});
