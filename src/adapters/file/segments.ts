import { readdir } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { ignoreMissing } from './ignoreMissing.ts';

/** Where a log's files lie and what they are called. */
export interface LogPath {
  readonly folder: string;
  readonly stem: string;
  readonly extension: string;
}

/** One file of a log. */
export interface SegmentName {
  readonly path: string;
  /** Counts the files of a log from 1; it alone gives their order, whatever clocks say. */
  readonly number: number;
  /** When the file was begun, milliseconds since the epoch. */
  readonly createdAt: number;
}

/** Takes `logs/fraud.ndjson` apart: its files are `logs/fraud.00000001.20261127T010203Z.ndjson` and so on. */
export function parseLogPath(path: string): LogPath {
  const whole = resolve(path);
  const extension = extname(whole);
  return { folder: dirname(whole), stem: basename(whole, extension), extension };
}

/** The name of a log's file. */
export function nameSegment(log: LogPath, number: number, createdAt: number): SegmentName {
  const second = Math.floor(createdAt / 1000) * 1000;
  const time = new Date(second).toISOString().replaceAll(/[-:]|\.000/g, '');
  const file = `${log.stem}.${String(number).padStart(8, '0')}.${time}${log.extension}`;
  return { path: join(log.folder, file), number, createdAt: second };
}

const middle = /^\.(\d{8,15})\.(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

function parseSegment({ folder, stem, extension }: LogPath, file: string): SegmentName | undefined {
  if (!file.startsWith(stem) || !file.endsWith(extension)) return undefined;
  const match = middle.exec(file.slice(stem.length, file.length - extension.length));
  if (match === null) return undefined;
  const [, number, year, month, day, hour, minute, second] = match;
  const createdAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(createdAt) ? undefined : { path: join(folder, file), number: Number(number), createdAt };
}

/** A log's files in order; none where the folder does not exist. Other files in it are left alone. */
export async function listSegments(log: LogPath): Promise<readonly SegmentName[]> {
  const files = (await readdir(log.folder).catch(ignoreMissing)) ?? [];
  return files
    .flatMap((file) => parseSegment(log, file) ?? [])
    .sort((a, b) => a.number - b.number || (a.path < b.path ? -1 : 1));
}
