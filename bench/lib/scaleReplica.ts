import { createClient } from 'redis';
import { RedisHub } from '../../src/adapters/redis/index.ts';
import { ThompsonSampling } from '../../src/bandits/index.ts';
import { share } from '../../src/sharing/index.ts';

/** One replica of bench/scale: serves for a while, and says how many decisions it made a second. */
const { port, name, shared, ms } = JSON.parse(process.argv[2]!) as {
  port: number;
  name: string;
  shared: boolean;
  ms: number;
};
const arms = { a: { predict: (x: number) => x }, b: { predict: (x: number) => -x }, c: { predict: () => 0 } };
const bandit = new ThompsonSampling({ name, arms, reward: ({ variant }) => Number(variant === 'a'), seed: 1 });
const client = createClient({ url: `redis://127.0.0.1:${port}` });
client.on('error', () => undefined);
await client.connect();
const replica = shared ? await share(bandit, new RedisHub(client, { name })) : undefined;

const serve = (calls: number): void => {
  for (let i = 0; i < calls; i += 1) bandit.predict(i, { truth: 1 });
};
serve(200_000);
let decisions = 0;
const started = performance.now();
const cpu = process.cpuUsage();
while (performance.now() - started < ms) {
  serve(2000);
  decisions += 2000;
  // A service comes up for air between requests: timers and sockets have their turn, in both cases.
  await new Promise((resolve) => void setImmediate(resolve));
}
const { user, system } = process.cpuUsage(cpu);
const perSecond = (1000 * decisions) / (performance.now() - started);
process.send!({ perSecond, cpuNs: (1000 * (user + system)) / decisions });
await replica?.stop();
client.destroy();
process.disconnect();
