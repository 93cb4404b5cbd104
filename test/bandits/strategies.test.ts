import type { AnyStrategy } from '../../src/core/index.ts';
import { closeness } from '../../src/metrics/index.ts';
import { strategyContract } from '../contracts/strategy.contract.ts';
import { strategies } from './support/strategies.ts';

const reward = closeness({ scale: 10 });

for (const [name, { create, restore }] of Object.entries(strategies)) {
  strategyContract({
    name,
    create: ([a, b], options) => create({ arms: { a, b }, reward, ...options }) as unknown as AnyStrategy,
    restore: (snapshot, [a, b], options) =>
      restore(snapshot, { arms: { a, b }, reward, ...options }) as unknown as AnyStrategy,
  });
}
