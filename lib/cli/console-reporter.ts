import type { Reporter } from '../steps';
import { isLively } from './terminal';

/** Where nothing can move, a sign of life comes at least this often while there is progress. */
const quietSeconds = 15;

/**
 * Tells a person on standard error: notes stay, progress is one moving line on a terminal.
 * @param verbose elsewhere, shows progress as lines, every one: a build's log has to tell all. @default one line in 15 seconds, unless BOWLINE_VERBOSE is 1
 */
export function consoleReporter(verbose = process.env.BOWLINE_VERBOSE === '1'): Reporter & { end(): void } {
  const out = process.stderr;
  const lively = isLively(out);
  let moving = false;
  let saidAt = Date.now();
  const clear = () => {
    if (moving) {
      out.write('\r\u001b[2K');
      moving = false;
    }
  };
  return {
    note: (text) => {
      clear();
      out.write(`${text}\n`);
      saidAt = Date.now();
    },
    progress: (text) => {
      if (lively) {
        const width = (out.columns ?? 80) - 1;
        out.write(`\r\u001b[2K${text.slice(0, width)}`);
        moving = true;
      } else if (text !== '' && (verbose || Date.now() - saidAt > quietSeconds * 1000)) {
        out.write(`${text}\n`);
        saidAt = Date.now();
      }
    },
    end: clear,
  };
}
