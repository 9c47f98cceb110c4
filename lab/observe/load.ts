import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { toolPath } from '../../lib/tools';
import { gatewayUrl } from '../delivery/gateway';
import { type Layout, marker } from '../layout';
import { type Answer, parseAnswer } from './answers';

/** No scenario lasts longer; the generator ends by itself then, whatever becomes of us. */
const longestSeconds = 900;

/** Users: questions at a steady rate through the gateway, whether answers come or not. */
export class Load {
  private readonly taken: Answer[] = [];
  private readonly ended: Promise<void>;

  private constructor(private readonly child: ChildProcess) {
    const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream });
    lines.on('line', (line) => {
      const answer = parseAnswer(line);
      if (answer !== undefined) {
        this.taken.push(answer);
      }
    });
    this.ended = new Promise((resolve) => lines.once('close', resolve));
  }

  static start(layout: Layout, host: string, requestsPerSecond: number): Load {
    const words = ['-url', gatewayUrl(layout), '-host', host, '-rate', String(requestsPerSecond)];
    const child = spawn(toolPath('load'), [...words, '-for', `${longestSeconds}s`, '-timeout', '5s'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, [marker]: layout.state },
    });
    return new Load(child);
  }

  /** All answers so far. */
  answers(): readonly Answer[] {
    return this.taken;
  }

  /** Asks nothing more, and waits for what is still open. */
  async stop(): Promise<readonly Answer[]> {
    this.child.kill('SIGTERM');
    await this.ended;
    return [...this.taken].sort((a, b) => a.at - b.at);
  }
}
