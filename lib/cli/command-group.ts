import type { Command } from 'commander';

/**
 * Reports a group of commands (`bowline check`) that is called without one of them, and names the commands of the group.
 * Call it after the commands are added: a command passes its settings on to the commands that are added later.
 * @param describeError the error, for the word in the place of the command
 */
export function requireSubcommand(
  group: Command,
  usage: string,
  describeError: (word: string | undefined) => string,
): void {
  group
    .showHelpAfterError(`(${usage})`)
    .addHelpText('after', `\n${usage}`)
    .allowExcessArguments(true)
    .action(() => group.error(`error: ${describeError(group.args[0])}`));
}
