import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/** Calls `onLine` for each line that is appended to a log from now on. */
export class LogFollower {
  private offset: number;
  private pending = '';
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly path: string,
    private readonly onLine: (line: string) => void,
  ) {
    this.offset = existsSync(path) ? statSync(path).size : 0;
    this.timer = setInterval(() => this.read(), 200);
  }

  stop(): void {
    clearInterval(this.timer);
    this.read();
  }

  private read(): void {
    if (!existsSync(this.path)) {
      return;
    }
    const file = openSync(this.path, 'r');
    try {
      const chunk = Buffer.alloc(64 * 1024);
      for (let read = readSync(file, chunk, 0, chunk.length, this.offset); read > 0; ) {
        this.offset += read;
        this.splitLines(chunk.toString('utf8', 0, read));
        read = readSync(file, chunk, 0, chunk.length, this.offset);
      }
    } finally {
      closeSync(file);
    }
  }

  private splitLines(text: string): void {
    const lines = (this.pending + text).split('\n');
    this.pending = lines.pop() ?? '';
    lines.forEach(this.onLine);
  }
}

/** Parses a line of Flagger's log; undefined if the line is not about the canary. */
export function parseFlaggerLine(
  line: string,
  canary: string,
): { readonly at: number; readonly text: string } | undefined {
  try {
    const { ts, msg, canary: subject } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return subject === canary && typeof ts === 'string' && typeof msg === 'string'
      ? { at: Date.parse(ts), text: msg }
      : undefined;
  } catch {
    return undefined;
  }
}
