import type {
  ComparisonRecord,
  DropsRecord,
  NoiseRecord,
  RecordedReading,
  ShadowRecord,
  TruthRecord,
} from '../ShadowRecord.ts';
import { SHADOW_SCHEMA } from '../ShadowRecord.ts';

const COMPARISONS: readonly unknown[] = ['agreed', 'disagreed', 'ignored', 'incomparable'];
const STATUSES: readonly unknown[] = ['ok', 'error', 'timeout', 'invalid', 'cancelled'];

/** Whether something is a record of this layout, whatever it holds. */
export function isRecord(record: unknown): record is ShadowRecord {
  const { schema, kind, seq, at } = (record ?? {}) as Partial<ShadowRecord>;
  return schema === SHADOW_SCHEMA && typeof kind === 'string' && Number.isSafeInteger(seq) && typeof at === 'number';
}

/**
 * Whether a record holds what its kind promises. A log lies where others may write: half a record that was counted would be
 * half a request.
 */
export function isSound(record: ShadowRecord): boolean {
  switch (record.kind) {
    case 'comparison':
      return isComparison(record);
    case 'truth':
      return isTruth(record);
    case 'noise':
      return isNoise(record);
    case 'drops':
      return isDrops(record);
    default:
      return true;
  }
}

function isComparison({ comparison, servedAt, distance, primary, candidate, subgroups }: ComparisonRecord): boolean {
  return (
    COMPARISONS.includes(comparison) &&
    Number.isFinite(servedAt) &&
    isNumberOrNull(distance) &&
    [primary, candidate].every(
      (answer) => isReading(answer) && STATUSES.includes(answer.status) && Number.isFinite(answer.latencyMs),
    ) &&
    isTexts(subgroups)
  );
}

function isTruth({ truth, primary, candidate, subgroups }: TruthRecord): boolean {
  return isReading(truth) && isReading(primary) && isReading(candidate) && isTexts(subgroups);
}

function isNoise({ comparison, distance }: NoiseRecord): boolean {
  return COMPARISONS.includes(comparison) && isNumberOrNull(distance);
}

function isDrops({ offered, dropped, hours, groups = [] }: DropsRecord): boolean {
  return (
    isCount(offered) &&
    isCounts(dropped) &&
    (hours === undefined || [hours?.offered, hours?.dropped].every((list) => isCounts(list, 24))) &&
    Array.isArray(groups) &&
    groups.every((one) => typeof one?.attribute === 'string' && typeof one.group === 'string' && isCounts(one.dropped))
  );
}

function isReading(reading: RecordedReading | undefined | null): boolean {
  if (!isObject(reading)) return false;
  const { score, positive, label, value, metrics } = reading as RecordedReading;
  return (
    [score, value].every((number) => number === undefined || isNumberOrNull(number)) &&
    (positive === undefined || typeof positive === 'boolean') &&
    (label === undefined || label === null || typeof label === 'string' || Number.isFinite(label)) &&
    (metrics === undefined || (isObject(metrics) && Object.values(metrics).every(isMeasured)))
  );
}

function isMeasured(value: unknown): boolean {
  return isNumberOrNull(value) || (Array.isArray(value) && value.length === 2 && value.every(isNumberOrNull));
}

function isNumberOrNull(value: unknown): boolean {
  return value === null || Number.isFinite(value);
}

function isTexts(texts: unknown): boolean {
  return isObject(texts) && Object.values(texts as object).every((text) => typeof text === 'string');
}

function isCounts(counts: unknown, length?: number): boolean {
  if (length !== undefined && !(Array.isArray(counts) && counts.length === length)) return false;
  return isObject(counts) && Object.values(counts as object).every(isCount);
}

function isCount(count: unknown): boolean {
  return Number.isSafeInteger(count) && (count as number) >= 0;
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null;
}
