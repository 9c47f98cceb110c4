import type { Command } from 'commander';
import { reportFailure } from './fail';

/** A command's work: its options, then its arguments in the order of the grammar; one that may be repeated is a list. */
export type Work<Options, Word> = (options: Options, ...words: readonly Word[]) => Promise<void>;

/**
 * Wraps a command's work for commander. An error that the work throws is reported as one sentence on standard error, as one JSON object where
 * `--json` is set, and as the exit code.
 */
export function action<Options extends object, Word = string | undefined>(
  work: Work<Options, Word>,
): (this: Command) => Promise<void> {
  return async function (this: Command) {
    const options = this.opts<Options & { readonly json?: boolean }>();
    try {
      await work(options, ...(this.processedArgs as readonly Word[]));
    } catch (error) {
      reportFailure(error, options.json === true);
    }
  };
}
