import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';

/** Reads what is added to a log, line by line, from now on. */
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
        this.take(chunk.toString('utf8', 0, read));
        read = readSync(file, chunk, 0, chunk.length, this.offset);
      }
    } finally {
      closeSync(file);
    }
  }

  private take(text: string): void {
    const lines = (this.pending + text).split('\n');
    this.pending = lines.pop() ?? '';
    lines.forEach(this.onLine);
  }
}

/** What Flagger says of one canary in a line of its log; undefined for all other lines. */
export function flaggerWords(line: string, canary: string): { readonly at: number; readonly text: string } | undefined {
  try {
    const { ts, msg, canary: of } = JSON.parse(line) as Readonly<Record<string, unknown>>;
    return of === canary && typeof ts === 'string' && typeof msg === 'string'
      ? { at: Date.parse(ts), text: msg }
      : undefined;
  } catch {
    return undefined;
  }
}
