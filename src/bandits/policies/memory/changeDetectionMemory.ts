import { checkFinite, checkInteger, checkOneOf, checkOptions, checkShare } from '../../../core/check.ts';
import { InvalidOptionError, SnapshotError } from '../../../core/errors.ts';
import type { ArmTable } from '../ArmTable.ts';
import { Cusum } from './Cusum.ts';
import type { Detector } from './Detector.ts';
import { Glr } from './Glr.ts';
import type { ArmMemory, ChangeDetectionMemory } from './Memory.ts';

interface DetectionState {
  readonly detectors: readonly (readonly number[])[];
  readonly alarms: readonly number[];
}

class DetectingMemory implements ArmMemory {
  readonly kind = 'changeDetection';
  readonly mergeable = false;
  readonly exploration: number;
  readonly #create: () => Detector;
  readonly #resetAll: boolean;
  #detectors: Detector[] = [];
  #alarms: number[] = [];

  constructor(create: () => Detector, resetAll: boolean, exploration: number) {
    this.#create = create;
    this.#resetAll = resetAll;
    this.exploration = exploration;
  }

  observe(table: ArmTable, i: number, x: number, weight: number): void {
    table.add(i, x, weight);
    if (!this.#detectors[i]!.push(x)) return;
    this.#alarms[i]! += 1;
    for (let k = 0; k < this.#detectors.length; k += 1) {
      if (k !== i && !this.#resetAll) continue;
      this.#detectors[k]!.reset();
      table.reset(k);
    }
  }

  alarms(i: number): number {
    return this.#alarms[i]!;
  }

  inserted(): void {
    this.#detectors.push(this.#create());
    this.#alarms.push(0);
  }

  removed(_table: ArmTable, i: number): void {
    this.#detectors.splice(i, 1);
    this.#alarms.splice(i, 1);
  }

  save(): DetectionState {
    return { detectors: this.#detectors.map((detector) => detector.save()), alarms: this.#alarms.slice() };
  }

  load(state: unknown, size: number): void {
    const { detectors, alarms } = (state ?? {}) as Partial<DetectionState>;
    const sound =
      Array.isArray(alarms) &&
      alarms.length === size &&
      alarms.every(Number.isFinite) &&
      Array.isArray(detectors) &&
      detectors.length === size &&
      detectors.every((list) => Array.isArray(list) && list.every(Number.isFinite));
    const fresh = Array.from({ length: size }, this.#create);
    if (!sound || !fresh.every((detector, i) => detector.load(detectors[i]!))) {
      throw new SnapshotError('the snapshot has no detectors like those of the policy');
    }
    this.#detectors = fresh;
    this.#alarms = alarms.slice();
  }
}

/** A detector per arm that makes the policy forget the arm when its mean has changed. @throws InvalidOptionError */
export function changeDetectionMemory(options: ChangeDetectionMemory, bounded: boolean): ArmMemory {
  const method = checkOneOf('memory.method', options.method, ['cusum', 'glr']);
  const shared = ['type', 'method', 'threshold', 'reset', 'exploration'];
  const reset = checkOneOf('memory.reset', options.reset ?? 'arm', ['arm', 'all']);
  const exploration = checkShare('memory.exploration', options.exploration ?? 0.02);
  let create: () => Detector;
  if (method === 'cusum') {
    checkOptions('memory', options, [...shared, 'slack', 'warmUp', 'reference']);
    const cusum = {
      threshold: checkFinite('memory.threshold', options.threshold ?? 6, { gt: 0 }),
      slack: checkFinite('memory.slack', options.slack ?? 0.1, { ge: 0 }),
      warmUp: checkInteger('memory.warmUp', options.warmUp ?? 30, { ge: 0 }),
      reference: checkOneOf('memory.reference', options.reference ?? 'running', ['running', 'frozen']),
    };
    create = () => new Cusum(cusum);
  } else {
    checkOptions('memory', options, [...shared, 'history']);
    if (!bounded) throw new InvalidOptionError('memory.method', method, "'cusum' where the rewardRange is not finite");
    const threshold = checkFinite('memory.threshold', options.threshold ?? 7, { gt: 0 });
    const history = checkInteger('memory.history', options.history ?? 200, { ge: 2, le: 1e5 });
    create = () => new Glr(threshold, history);
  }
  return new DetectingMemory(create, reset === 'all', exploration);
}
