import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ScaleCommand, ScaleReply, ScaleTask } from './scaleTypes.ts';

/** Processor time and decisions of a stretch. */
export interface Stretch {
  readonly decisions: number;
  readonly cpuUs: number;
}

/** What a stretch took of each of some processes: from its first moment to its last, whatever they did in between. */
export async function during(
  processes: readonly ScaleProcess[],
  stretch: () => Promise<void>,
): Promise<readonly Stretch[]> {
  const report = (): Promise<readonly ScaleReply[]> =>
    Promise.all(processes.map((one) => one.tell({ type: 'report' })));
  const before = await report();
  await stretch();
  const after = await report();
  return after.map(({ decisions, cpuUs }, i) => ({
    decisions: decisions - before[i]!.decisions,
    cpuUs: cpuUs - before[i]!.cpuUs,
  }));
}

/** One replica in a process of its own. It is told one thing at a time. */
export class ScaleProcess {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  static async start(task: ScaleTask): Promise<ScaleProcess> {
    const script = fileURLToPath(new URL('./scaleReplica.ts', import.meta.url));
    const execArgv = ['--import', 'tsx', '--conditions=@coronate/source'];
    const started = new ScaleProcess(fork(script, [JSON.stringify(task)], { execArgv }));
    await started.#heard();
    return started;
  }

  async tell(command: ScaleCommand): Promise<ScaleReply> {
    const heard = this.#heard();
    this.#child.send(command);
    return heard;
  }

  end(): void {
    this.#child.disconnect();
  }

  #heard(): Promise<ScaleReply> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void => reject(new Error(`a replica ended with ${code}`));
      this.#child.once('exit', ended);
      this.#child.once('message', (reply) => {
        this.#child.off('exit', ended);
        resolve(reply as ScaleReply);
      });
    });
  }
}
