import { Command, CommanderError } from 'commander';
import { exitCodes } from '../steps/step-error';
import { registerBootstrap } from './commands/bootstrap';
import { registerCatalogCommands } from './commands/catalog-commands';
import { registerDoctor } from './commands/doctor';
import { registerHistory } from './commands/history';
import { registerInit } from './commands/init';
import { registerNew } from './commands/new';
import { registerPipelineSteps } from './commands/pipeline-steps';
import { registerPublish } from './commands/publish';
import { registerRollback } from './commands/rollback';
import { registerRun } from './commands/run';
import { version } from './version';

const introduction = `GitOps pipeline-as-code for Go services on AWS and Kubernetes.

A service is described once in catalog/; a release is one record that gathers evidence on its way
build → scan → sign → promote; git is the only place where pipeline and cluster meet.`;

/** The command line. Commands load what they need when they run, so that help is quick. */
export function program(): Command {
  const root = new Command('bowline')
    .description(introduction)
    .version(version(), '-V, --version')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(bowline --help shows all commands, bowline <command> --help one)')
    .exitOverride();
  root.commandsGroup('The road:');
  registerRun(root);
  registerPipelineSteps(root);
  root.commandsGroup('The ledger:');
  registerPublish(root);
  registerRollback(root);
  registerHistory(root);
  root.commandsGroup('The catalog:');
  registerCatalogCommands(root);
  root.commandsGroup('Something new:');
  registerInit(root);
  registerNew(root);
  registerBootstrap(root);
  root.commandsGroup('This machine:');
  registerDoctor(root);
  for (const command of root.commands) {
    command.exitOverride();
  }
  return root;
}

/** Runs the command line; the exit code says how it ended. */
export async function main(argv: readonly string[]): Promise<void> {
  process.stdout.on('error', endQuietly);
  try {
    await program().parseAsync(argv as string[]);
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    process.exitCode = error.exitCode === 0 ? exitCodes.passed : exitCodes.usage;
  }
}

/** Whoever reads may stop reading, as `head` does: that is no failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit();
}
