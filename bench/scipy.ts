import { spawnSync } from 'node:child_process';

/** What SciPy needed for one call, with its version. */
export interface ScipyTime {
  readonly label: string;
  /** Nanoseconds per call by function and sample size, `welch 1000`. */
  readonly times: Readonly<Record<string, number>>;
}

/** Times inside Python, on samples of its own: the start of the interpreter does not count. */
const PROGRAM = `
import json, time
import numpy, scipy
from scipy import stats
rng = numpy.random.default_rng(1)
times = {}
for n in (1000, 100000, 1000000):
    x, y = rng.normal(size=n), rng.normal(0.01, size=n)
    for name, run in (
        ('welch', lambda: stats.ttest_ind(x, y, equal_var=False)),
        ('mannwhitney', lambda: stats.mannwhitneyu(x, y, method='asymptotic')),
    ):
        run()
        samples = []
        stop = time.perf_counter() + 0.6
        while len(samples) < 3 or time.perf_counter() < stop:
            start = time.perf_counter()
            run()
            samples.append(time.perf_counter() - start)
        times[f'{name} {n}'] = sorted(samples)[len(samples) // 2] * 1e9
print(json.dumps({'label': f'scipy {scipy.__version__}', 'times': times}))
`;

/** SciPy through python3, or `undefined` where either is not there. */
export function timeScipy(): ScipyTime | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', PROGRAM], { encoding: 'utf8', timeout: 120_000 });
  return status === 0 ? (JSON.parse(stdout) as ScipyTime) : undefined;
}
