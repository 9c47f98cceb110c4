import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toolPath } from '../../lib/tools';
import { gatewayUrl } from '../delivery/gateway';
import { type Layout, marker } from '../layout';
import { type Answer, parseAnswer } from './responses';

/** No scenario lasts longer; the generator ends by itself then, whatever becomes of us. */
const longestSeconds = 900;

/** Users: questions at a steady rate through the gateway, whether answers come or not. */
export class Load {
  private readonly taken: Answer[] = [];
  private readonly read: Promise<void>;
  private readonly ended: Promise<void>;
  private end: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly rate: number,
    private readonly startedAt: number,
  ) {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => {
      const answer = parseAnswer(line);
      if (answer !== undefined) {
        this.taken.push(answer);
      }
    });
    this.read = new Promise((resolve) => lines.once('close', resolve));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.end = `could not be started: ${error.message}`;
        resolve();
      });
      child.once('exit', (code, signal) => {
        this.end = signal === null ? `exit code ${code}` : signal;
        resolve();
      });
    });
  }

  static start(layout: Layout, host: string, requestsPerSecond: number): Load {
    const words = ['-url', gatewayUrl(layout), '-host', host, '-rate', String(requestsPerSecond)];
    return Load.of(toolPath('load'), [...words, '-for', `${longestSeconds}s`, '-timeout', '5s'], requestsPerSecond, {
      ...process.env,
      [marker]: layout.state,
    });
  }

  /** Takes the answers of any program that writes them. */
  static of(program: string, words: readonly string[], rate: number, environment: NodeJS.ProcessEnv): Load {
    const child = spawn(program, words as string[], { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
    return new Load(child, rate, Date.now());
  }

  /** All answers so far. */
  answers(): readonly Answer[] {
    return this.taken;
  }

  /**
   * Asks nothing more, and waits for what is still open.
   * @throws Error where the generator had ended by itself, or ends otherwise than asked: its answers say nothing of the time after that
   */
  async stop(): Promise<LoadResult> {
    if (this.end !== undefined) {
      throw new Error(`the load generator ended by itself (${this.end}) after ${this.taken.length} answers`);
    }
    const stoppedAt = Date.now();
    this.child.kill('SIGTERM');
    await Promise.all([this.ended, this.read]);
    if (this.end !== 'exit code 0') {
      throw new Error(`the load generator did not end as it was asked to (${this.end})`);
    }
    const answers = [...this.taken].sort((a, b) => a.at - b.at);
    return { answers, expected: expectedAnswers(this.rate, (stoppedAt - this.startedAt) / 1000) };
  }

  /** Ends it, whatever it has counted. */
  abandon(): void {
    this.child.kill('SIGKILL');
  }
}

/** Every answer, in the order in which their questions were due. */
export interface LoadResult {
  readonly answers: readonly Answer[];
  /** How many there are at least, where the generator kept its rate. */
  readonly expected: number;
}

/** A quarter of a second is the generator's own start, and one question in a hundred may come late on a busy machine. */
export function expectedAnswers(rate: number, seconds: number): number {
  return Math.floor(0.99 * rate * Math.max(0, seconds - 0.25));
}
