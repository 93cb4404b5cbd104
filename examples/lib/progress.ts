/** Where a bar is drawn: `process.stdout`, or anything that can be written to. */
export interface ProgressStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const WIDTH = 40;

/**
 * A progress bar within 80 columns. On a terminal it redraws itself; in a file or pipe it only ever appends, so that
 * a log holds one clean line: the label, a mark for each fortieth that is done, and the total.
 *
 * @returns call it with how much is done and how much there is
 */
export function progressBar(
  label: string,
  stream: ProgressStream = process.stdout,
): (done: number, total: number) => void {
  const head = `${label.slice(0, 26).padEnd(26)} `;
  let drawn = -1;
  return (done, total) => {
    const marks = Math.floor((WIDTH * done) / total);
    if (marks === drawn && done < total) return;
    const finished = done >= total;
    if (stream.isTTY) {
      stream.write(`\r${head}[${'#'.repeat(marks).padEnd(WIDTH, '.')}] ${done}/${total}${finished ? '\n' : ''}`);
    } else {
      if (drawn < 0) stream.write(`${head}[`);
      stream.write('#'.repeat(marks - Math.max(drawn, 0)) + (finished ? `] ${done}/${total}\n` : ''));
    }
    drawn = marks;
  };
}
