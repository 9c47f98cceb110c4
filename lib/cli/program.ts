import { Command, CommanderError } from 'commander';
import { exitCodes } from '../errors';
import { registerBootstrap } from './commands/bootstrap';
import { registerCheck } from './commands/check';
import { registerDockerfile } from './commands/dockerfile';
import { registerDoctor } from './commands/doctor';
import { registerExplain } from './commands/explain';
import { registerHistory } from './commands/history';
import { registerInit } from './commands/init';
import { registerNewService } from './commands/new-service';
import { registerPipelineSteps } from './commands/pipeline-steps';
import { registerPublish } from './commands/publish';
import { registerReleases } from './commands/releases';
import { registerRescan } from './commands/rescan';
import { registerRollback } from './commands/rollback';
import { registerRun } from './commands/run';
import { registerSchema } from './commands/schema';
import { registerVerify } from './commands/verify';
import { version } from './version';

const introduction = `GitOps pipeline-as-code for Go services on AWS and Kubernetes.

The catalog describes each service once. A release is one record that each step extends with evidence:
build → scan → sign → promote. Pipeline and cluster meet only in the GitOps repository, called the ledger.`;

/** The command line. A command loads its work when it runs, so that help starts fast. */
export function program(): Command {
  const root = new Command('bowline')
    .description(introduction)
    .version(version(), '-V, --version')
    .showSuggestionAfterError(true)
    .showHelpAfterError('(bowline --help lists all commands)')
    .exitOverride();
  root.commandsGroup('Release pipeline:');
  registerRun(root);
  registerPipelineSteps(root);
  root.commandsGroup('GitOps repository (the ledger):');
  registerPublish(root);
  registerRollback(root);
  registerReleases(root);
  registerHistory(root);
  root.commandsGroup('Checks and explanations:');
  registerVerify(root);
  registerRescan(root);
  registerCheck(root);
  registerExplain(root);
  registerDockerfile(root);
  registerSchema(root);
  root.commandsGroup('Setup:');
  registerInit(root);
  registerNewService(root);
  registerBootstrap(root);
  registerDoctor(root);
  for (const command of root.commands) {
    nameInErrors(command, `bowline ${command.name()}`);
  }
  return root;
}

/** Makes the errors of a command, and of the commands below it, name the help of that very command. */
function nameInErrors(command: Command, path: string): void {
  command.exitOverride();
  if (command.commands.length === 0) {
    command.showHelpAfterError(`(${path} --help explains this command)`);
  }
  for (const below of command.commands) {
    nameInErrors(below, `${path} ${below.name()}`);
  }
}

/** Runs the command line and sets the exit code. */
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

/** A reader such as `head` may close the pipe early: that is not a failure. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') {
    throw error;
  }
  process.exit();
}
