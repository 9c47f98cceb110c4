import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toolPath } from '../../lib/tools';
import { gatewayUrl } from '../delivery/gateway';
import { type Layout, marker } from '../layout';
import { parseResponse, type UserResponse } from './responses';

/** Longer than any scenario. If this process dies, the generator ends after this time. */
const maximumSeconds = 900;

/** The result of a load. */
export interface LoadResult {
  /** Sorted by the due times of their requests. */
  readonly responses: readonly UserResponse[];
  /** The least number of responses if the generator kept its rate. */
  readonly expected: number;
}

/** Sends requests at a constant rate through the gateway, whether or not responses arrive. */
export class LoadGenerator {
  private readonly received: UserResponse[] = [];
  private readonly outputRead: Promise<void>;
  private readonly ended: Promise<void>;
  /** How the generator ended; undefined while it runs. */
  private ending: string | undefined;

  private constructor(
    private readonly child: ChildProcess,
    private readonly rate: number,
    private readonly startedAt: number,
  ) {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => {
      const response = parseResponse(line);
      if (response !== undefined) {
        this.received.push(response);
      }
    });
    this.outputRead = new Promise((resolve) => lines.once('close', resolve));
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => {
        this.ending = `could not be started: ${error.message}`;
        resolve();
      });
      child.once('exit', (code, signal) => {
        this.ending = signal === null ? `exit code ${code}` : signal;
        resolve();
      });
    });
  }

  static start(layout: Layout, host: string, requestsPerSecond: number): LoadGenerator {
    const words = ['-url', gatewayUrl(layout), '-host', host, '-rate', String(requestsPerSecond)];
    return LoadGenerator.spawn({
      program: toolPath('load'),
      words: [...words, '-for', `${maximumSeconds}s`, '-timeout', '5s'],
      rate: requestsPerSecond,
      environment: { ...process.env, [marker]: layout.state },
    });
  }

  /** Runs any program that writes responses as the load generator does. */
  static spawn(options: {
    readonly program: string;
    readonly words: readonly string[];
    readonly rate: number;
    readonly environment: NodeJS.ProcessEnv;
  }): LoadGenerator {
    const { program, words, rate, environment } = options;
    const child = spawn(program, words as string[], { stdio: ['ignore', 'pipe', 'inherit'], env: environment });
    return new LoadGenerator(child, rate, Date.now());
  }

  /** All responses so far. */
  responses(): readonly UserResponse[] {
    return this.received;
  }

  /**
   * Sends no further requests, and waits for the open ones.
   * @throws Error if the generator ended earlier or fails: its responses would not cover the whole time
   */
  async stop(): Promise<LoadResult> {
    if (this.ending !== undefined) {
      throw new Error(`the load generator ended by itself (${this.ending}) after ${this.received.length} responses`);
    }
    const stoppedAt = Date.now();
    this.child.kill('SIGTERM');
    await Promise.all([this.ended, this.outputRead]);
    if (this.ending !== 'exit code 0') {
      throw new Error(`the load generator failed to stop (${this.ending}); expected exit code 0`);
    }
    const responses = [...this.received].sort((a, b) => a.at - b.at);
    return { responses, expected: expectedResponses(this.rate, (stoppedAt - this.startedAt) / 1000) };
  }

  /** Ends the generator without a result. */
  kill(): void {
    this.child.kill('SIGKILL');
  }
}

/** Allows 0.25 s for the generator to start, and one late request in a hundred on a busy machine. */
export function expectedResponses(rate: number, seconds: number): number {
  return Math.floor(0.99 * rate * Math.max(0, seconds - 0.25));
}
