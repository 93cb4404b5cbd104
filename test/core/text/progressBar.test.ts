import { describe, expect, it } from 'vitest';
import { progressBar } from '../../../src/core/text/progressBar.ts';

describe('progressBar', () => {
  it('fills from the left, and rounds down: full is done', () => {
    expect(progressBar(0.42)).toBe('████████░░░░░░░░░░░░');
    expect(progressBar(0.999, { width: 4 })).toBe('███░');
    expect(progressBar(1, { width: 4 })).toBe('████');
    expect(progressBar(0, { width: 4 })).toBe('░░░░');
  });

  it('stays within its ends', () => {
    expect(progressBar(-1, { width: 3 })).toBe('░░░');
    expect(progressBar(7, { width: 3 })).toBe('███');
    expect(progressBar(Number.NaN, { width: 3 })).toBe('░░░');
  });
});
