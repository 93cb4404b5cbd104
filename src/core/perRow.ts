import { CoronateError } from './errors.ts';
import type { Model } from './Model.ts';
import { checkModel } from './strategy.ts';

/**
 * Wraps a model that predicts batches (`predict(rows) → values`, as the ml.js packages do) into one that predicts a row.
 * The answer of a one-row batch is its first value; a value that is itself a one-element array is unwrapped by `unwrap`.
 *
 * @param model answers a batch with one value per row, at once or as a promise
 * @throws InvalidOptionError if `model` has no predict()
 * @example
 * perRow(forest).predict([1.02, 0.5, 1010, 25, 120]); // 52.66
 */
export function perRow<Row, Value>(model: {
  predict(rows: Row[]): PromiseLike<ArrayLike<Value>>;
}): Model<Row, Promise<Value>>;
export function perRow<Row, Value>(model: { predict(rows: Row[]): ArrayLike<Value> }): Model<Row, Value>;
export function perRow<Row, Value>(model: {
  predict(rows: Row[]): ArrayLike<Value> | PromiseLike<ArrayLike<Value>>;
}): Model<Row, Value | Promise<Value>> {
  checkModel('model', model);
  return {
    predict: (row) => {
      const values = model.predict([row]);
      return isThenable(values) ? Promise.resolve(values).then(first) : first(values as ArrayLike<Value>);
    },
  };
}

function first<Value>(values: ArrayLike<Value>): Value {
  if (values?.length !== 1) {
    throw new CoronateError(
      'ERR_INVALID_DATA',
      `a batch of one row must be answered by one value, got ${values?.length}`,
    );
  }
  return values[0] as Value;
}

/** Whether a value is a promise or behaves like one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/**
 * Takes charge of a promise that came where a value was asked for: nobody waits for it, and a rejection that nobody handles
 * would end the process. @returns whether it was one
 */
export function abandon(value: unknown): value is PromiseLike<unknown> {
  if (!isThenable(value)) return false;
  // A thenable of the user's own may throw at once.
  Promise.resolve(value).then(undefined, () => undefined);
  return true;
}
