import { InvalidRecordError } from './errors.ts';

/**
 * One line of JSON, without its newline.
 * @param index the record's place in its batch, for the error
 * @throws InvalidRecordError
 */
export function jsonLine(record: unknown, index: number): string {
  let line: string | undefined;
  try {
    line = JSON.stringify(record);
  } catch (error) {
    throw new InvalidRecordError(index, record, { cause: error });
  }
  if (line === undefined) throw new InvalidRecordError(index, record);
  return line;
}
