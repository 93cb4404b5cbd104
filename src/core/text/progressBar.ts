/** How a progress bar is drawn. */
export interface ProgressBarOptions {
  /** Characters from end to end. @defaultValue 20 */
  readonly width?: number;
}

/**
 * A bar for a fraction done. It rounds down, so it is full only when all is done; below 0 and what is not a number is
 * nothing done.
 *
 * @example
 * progressBar(0.42); // '████████░░░░░░░░░░░░'
 */
export function progressBar(fraction: number, { width = 20 }: ProgressBarOptions = {}): string {
  const full = Math.floor(width * Math.min(1, fraction > 0 ? fraction : 0));
  return '█'.repeat(full) + '░'.repeat(width - full);
}
