import { type Command, CommanderError } from 'commander';

const failed = 1;
const usageError = 64;

/** Parses the command line, runs the command, and ends the process with its exit code: 64 for a usage error, 1 for an unexpected error. */
export async function runProgram(createProgram: () => Command, words = process.argv.slice(2)): Promise<never> {
  try {
    const program = createProgram();
    for (const command of [program, ...program.commands]) {
      command.allowExcessArguments(false).exitOverride().showHelpAfterError();
    }
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : usageError;
    } else {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = failed;
    }
  }
  // Kept-alive connections would delay the end of the process.
  process.exit();
}
