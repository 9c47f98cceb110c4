import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Service } from '../../catalog';
import { type ImageRecipe, type StepFailure, sourceDateEpoch } from '../../image';
import { retryTransient, runTool, type ToolInvocation, withTemporaryFolder, writeFileAtomic } from '../../process';
import { toolPath } from '../../tools';
import { machineHosts } from '../modules/machine-hosts';
import { buildSecrets, type ModuleAccess } from '../modules/module-access';
import type { Reporter } from '../reporter';
import { ExplainedFailure, solveError } from './solve-error';

/** A recipe, its source, and the BuildKit daemon that builds it. */
export interface SolveInput {
  readonly service: Service;
  readonly recipe: ImageRecipe;
  /** The folder that is the build context. */
  readonly directory: string;
  /** Address of the BuildKit daemon, such as `unix:///run/buildkit/buildkitd.sock`. */
  readonly buildkit: string;
  /** Download over the network of the machine. Only the local run does so. */
  readonly hostNetwork: boolean;
  /** Access to private modules. BuildKit passes it only to the step that downloads them, and no layer or cache contains it. @default none */
  readonly modules?: ModuleAccess;
  /** Explains the failure of a step that this solve adds to the recipe. @default no such step */
  readonly explainFailure?: (step: StepFailure) => Error | undefined;
  readonly reporter: Reporter;
}

/**
 * Runs one BuildKit solve of the recipe. It sends the recipe's own Dockerfile and allow-list, and never reads those of the source.
 * @returns BuildKit's metadata of the result, as JSON; `{}` when the output is files
 * @throws BowlineError with a code that says who is to blame: the source (`does-not-compile`, `modules-unfit`, `recipe`), a module
 * (`module-unavailable`, `module-altered`), the builder (`go-too-old`, `builder-lacks`), a base image (`base-unavailable`), the registry
 * (`image-not-pushed`) or the machine (`builder-exhausted`, `compiler-failed`)
 * @throws ProgramError when anything else fails
 */
export async function solve(input: SolveInput, options: readonly string[]): Promise<string> {
  const { recipe, directory, buildkit, hostNetwork, modules, reporter } = input;
  const secrets = modules === undefined ? {} : buildSecrets(modules);
  return withTemporaryFolder('solve', async (scratch) => {
    writeFileAtomic(join(scratch, 'Dockerfile'), recipe.dockerfile);
    writeFileAtomic(join(scratch, 'Dockerfile.dockerignore'), recipe.dockerignore);
    const metadata = join(scratch, 'metadata.json');
    const invocation: ToolInvocation = {
      program: toolPath('buildctl'),
      access: ['registry'],
      arguments: [
        '--addr',
        buildkit,
        'build',
        '--frontend',
        'dockerfile.v0',
        '--local',
        `context=${resolve(directory)}`,
        '--local',
        `dockerfile=${scratch}`,
        '--opt',
        `build-arg:SOURCE_DATE_EPOCH=${sourceDateEpoch}`,
        ...Object.keys(secrets).flatMap((id, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
        ...(hostNetwork ? hostNetworkOptions(modules) : []),
        ...options,
        '--metadata-file',
        metadata,
        '--progress',
        'plain',
      ],
      // Neither a file, which could stay, nor an argument, which every process can read.
      variables: Object.fromEntries(Object.values(secrets).map((text, index) => [secretVariable(index), text])),
      timeoutSeconds: 3600,
      onProgress: (line: string) => reporter.progress(line),
    };
    const attempt = async () => {
      const outcome = await runTool(invocation);
      if (outcome.exitCode !== 0) {
        throw solveError(outcome, { ...input, credential: modules?.origin });
      }
    };
    try {
      await retryTransient(attempt, {
        attempts: 3,
        firstWaitSeconds: 2,
        onRetry: (number, reason) => reporter.note(`BuildKit: ${reason}; trying again (${number} of 2)`),
      });
    } catch (error) {
      throw error instanceof ExplainedFailure ? error.explained() : error;
    }
    // BuildKit writes no metadata for an output of files.
    return existsSync(metadata) ? readFileSync(metadata, 'utf8') : '{}';
  });
}

function hostNetworkOptions(modules: ModuleAccess | undefined): readonly string[] {
  const hosts = Object.entries(modules === undefined ? {} : machineHosts(modules.modules, readHostsFile()));
  return [
    ...['--allow', 'network.host', '--opt', 'force-network-mode=host'],
    ...(hosts.length === 0
      ? []
      : ['--opt', `add-hosts=${hosts.map(([name, address]) => `${name}=${address}`).join(',')}`]),
  ];
}

function readHostsFile(): string {
  return existsSync('/etc/hosts') ? readFileSync('/etc/hosts', 'utf8') : '';
}

function secretVariable(index: number): string {
  return `BOWLINE_SECRET_${index}`;
}
