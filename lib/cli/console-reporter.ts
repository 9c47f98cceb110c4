import type { Reporter } from '../steps';
import { printable, printableLines } from './printable';
import { isInteractive } from './terminal';

/** Without a terminal, progress prints at most one line in this time. */
const quietSeconds = 15;

/**
 * Reports to standard error. Notes stay; progress is one updating line on a terminal.
 * @param verbose without a terminal, print every line of progress, as a build log needs. @default one line in 15 seconds, unless BOWLINE_VERBOSE is 1
 */
export function consoleReporter(verbose = process.env.BOWLINE_VERBOSE === '1'): Reporter & { end(): void } {
  const out = process.stderr;
  const interactive = isInteractive(out);
  let hasProgressLine = false;
  let lastWriteAt = Date.now();
  const clear = () => {
    if (hasProgressLine) {
      out.write('\r\u001b[2K');
      hasProgressLine = false;
    }
  };
  return {
    note: (text) => {
      clear();
      out.write(`${printableLines(text)}\n`);
      lastWriteAt = Date.now();
    },
    progress: (text) => {
      if (interactive) {
        const width = (out.columns ?? 80) - 1;
        out.write(`\r\u001b[2K${printable(text).slice(0, width)}`);
        hasProgressLine = true;
      } else if (text !== '' && (verbose || Date.now() - lastWriteAt > quietSeconds * 1000)) {
        out.write(`${printableLines(text)}\n`);
        lastWriteAt = Date.now();
      }
    },
    end: clear,
  };
}
