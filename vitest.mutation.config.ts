import { defineConfig } from 'vitest/config';

/** What Stryker runs for every mutant of src/stats: the unit tests of the statistics alone. */
export default defineConfig({
  resolve: { conditions: ['@coronate/source'] },
  ssr: { resolve: { conditions: ['@coronate/source'] } },
  test: { include: ['test/stats/**/*.test.ts'], testTimeout: 60_000 },
});
