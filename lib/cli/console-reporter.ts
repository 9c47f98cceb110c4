import type { Reporter } from '../verbs';
import { isLively } from './terminal';

/**
 * Tells a person on standard error: notes stay, progress is one moving line on a terminal and is left out elsewhere.
 * @param verbose shows progress as lines where nothing can move, such as in a build log
 */
export function consoleReporter(verbose = process.env.BOWLINE_VERBOSE === '1'): Reporter & { end(): void } {
  const out = process.stderr;
  const lively = isLively(out);
  let moving = false;
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
    },
    progress: (text) => {
      if (lively) {
        const width = (out.columns ?? 80) - 1;
        out.write(`\r\u001b[2K${text.slice(0, width)}`);
        moving = true;
      } else if (verbose && text !== '') {
        out.write(`${text}\n`);
      }
    },
    end: clear,
  };
}
