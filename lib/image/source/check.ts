import type { Service } from '../../catalog';
import { type BowlineError, badInput } from '../../errors';
import { checkEmbeds, checkListedFiles, checkPointers } from './check-files';
import { checkMain } from './check-main';
import { checkSubmodules } from './check-submodules';
import type { SourceFacts } from './facts';
import { buildLayout } from './layout';
import type { SourceFault } from './source-fault';

/**
 * Finds out before anything is built whether the source can be built as the catalog describes it, and whether the image would contain the
 * program that `go build` makes.
 * @throws BowlineError `recipe`, `modules-unfit`, `does-not-compile` (exit 3). The message has the place, and a remedy.
 */
export function checkSource(service: Service, facts: SourceFacts): void {
  const fault = findFault(service, facts);
  if (fault !== undefined) {
    throw toError(service, fault);
  }
}

function toError(service: Service, { code, message }: SourceFault): BowlineError {
  return badInput(code, `${service.name}: ${message}`);
}

function findFault(service: Service, facts: SourceFacts): SourceFault | undefined {
  return (
    checkSubmodules(service, facts) ??
    checkModuleFiles(service, facts) ??
    checkVendor(service, facts) ??
    checkReplacements(service, facts) ??
    checkSums(facts) ??
    checkMain(service, facts) ??
    checkPointers(service, facts) ??
    checkLinks(facts) ??
    checkCgo(service, facts) ??
    checkEmbeds(service, facts) ??
    checkListedFiles(service, facts)
  );
}

function checkModuleFiles({ source }: Service, { module, modules, problems }: SourceFacts): SourceFault | undefined {
  if (problems.length > 0) {
    const lines = problems.map(({ position, message }) =>
      position === undefined || message.startsWith(position) ? `  ${message}` : `  ${position}: ${message}`,
    );
    return { code: 'modules-unfit', message: ['the source has errors in its module files:', ...lines].join('\n') };
  }
  if (module !== undefined) {
    return undefined;
  }
  const found = modules.slice(0, 10).map(({ directory }) => directory);
  const hint = found.length === 0 ? 'the repository has none' : `the repository has modules in ${found.join(', ')}`;
  return {
    code: 'recipe',
    message: `there is no go.mod in ${source.directory === '.' ? 'the root of the source' : source.directory}: set source.directory to the folder of the module (${hint})`,
  };
}

function checkVendor({ build }: Service, facts: SourceFacts): SourceFault | undefined {
  const { vendor, mode } = facts;
  if (build.vendor === 'always' && vendor === undefined) {
    return {
      code: 'recipe',
      message:
        'build.vendor is "always", but there is no vendor folder next to go.mod: run go mod vendor, or set build.vendor to "auto"',
    };
  }
  if (vendor === undefined || vendor.problems.length === 0) {
    return undefined;
  }
  const command = mode === 'workspace-vendor' ? 'go work vendor' : 'go mod vendor';
  return {
    code: 'modules-unfit',
    message: [
      `${vendor.directory}/modules.txt does not match ${mode === 'workspace-vendor' ? 'the workspace' : 'go.mod'}: run ${command} and commit the result, or set build.vendor to "never"`,
      ...vendor.problems.slice(0, 20).map((problem) => `  ${problem}`),
    ].join('\n'),
  };
}

function checkReplacements({ source }: Service, facts: SourceFacts): SourceFault | undefined {
  if (buildLayout(facts).vendored) {
    return undefined;
  }
  const broken = facts.replacements.find(
    ({ required, place, exists }) => required && place !== undefined && (place === 'outside' || !exists),
  );
  if (broken === undefined) {
    return undefined;
  }
  const { position, path, place } = broken;
  return place === 'outside'
    ? {
        code: 'recipe',
        message: `${position} replaces ${path} with ${broken.with}, outside of the repository: vendor the module (go mod vendor) or require a released version`,
      }
    : {
        code: 'modules-unfit',
        message: `${position} replaces ${path} with ${broken.with}, which has no go.mod in ${source.repository}: correct the path, or commit the module (a pipeline's source does not contain files that git ignores)`,
      };
}

/** Requirements that a folder of the checkout provides have no sum. */
function checkSums(facts: SourceFacts): SourceFault | undefined {
  const layout = buildLayout(facts);
  const hasSum =
    facts.localModules.some(({ hasSum, kind }) => hasSum && kind !== 'replacement') ||
    (layout.workspace && facts.workspace?.hasSum === true);
  const remote = facts.requirements.find(({ local }) => !local);
  return layout.vendored || hasSum || remote === undefined
    ? undefined
    : {
        code: 'recipe',
        message: `go.mod requires ${remote.path}, but there is no go.sum to verify it: run go mod tidy and commit go.sum`,
      };
}

function checkLinks({ links }: SourceFacts): SourceFault | undefined {
  const broken = links.filter(({ target }) => target === '').map(({ path }) => path);
  return broken.length === 0
    ? undefined
    : {
        code: 'recipe',
        message: `${broken.join(', ')} ${broken.length === 1 ? 'is a link that leads' : 'are links that lead'} out of the repository or nowhere: replace it with the file itself`,
      };
}

/** Packages outside of the checkout are not seen: the compiler reports them. */
function checkCgo({ build }: Service, { cgo }: SourceFacts): SourceFault | undefined {
  const [use, ...others] = build.cgo ? [] : cgo.filter(({ needed }) => needed);
  if (use === undefined) {
    return undefined;
  }
  const reason =
    use.missing.length === 0
      ? `the package has no other Go files for ${use.targets.join(' and ')}`
      : `other files use ${use.missing.join(', ')}, which only ${use.files.length === 1 ? 'this file declares' : 'these files declare'}`;
  const more =
    others.length === 0 ? '' : ` (and ${others.length} more ${others.length === 1 ? 'package' : 'packages'})`;
  return {
    code: 'recipe',
    message: `package ${use.importPath} needs cgo, which is off: ${use.files.join(', ')} ${use.files.length === 1 ? 'imports' : 'import'} "C", and ${reason}${more}: set build.cgo: true, or add files without cgo (//go:build !cgo)`,
  };
}
