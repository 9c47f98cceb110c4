import type { Service } from '../../catalog';
import type { SourceFacts } from './facts';
import type { SourceFault } from './source-fault';

/** Checks that `build.main` names a program for every platform. */
export function checkMain({ build }: Service, facts: SourceFacts): SourceFault | undefined {
  const { main, module } = facts;
  if (main === undefined || module === undefined || main.kind === 'program') {
    return undefined;
  }
  const field = `build.main (${build.main})`;
  const choose = `set build.main to a main package: ${describeCandidates(facts)}`;
  const platforms = main.targets.join(' and ');
  const messages = {
    library: `${field} is package ${main.name}, a library and not a program: ${choose}`,
    missing: `${field} is not a folder of the module in ${module.directory}: ${choose}`,
    empty: `${field} has no Go files: ${choose}`,
    excluded: `${field} has no Go files for ${platforms}, because build constraints exclude ${main.detail}: set build.platforms, build.tags or build.cgo, or ${choose}`,
    conflict: `${field} has files of several packages: ${main.detail}`,
    'other-module': `${field} belongs to another module: set source.directory to ${main.detail}, and build.main to the package in it`,
  } as const;
  return { code: main.kind === 'conflict' ? 'does-not-compile' : 'recipe', message: messages[main.kind] };
}

/** More candidates do not help: a repository of examples has hundreds. */
const maxCandidates = 10;

function describeCandidates({ candidates, modules, module }: SourceFacts): string {
  if (candidates.length > 0) {
    const more = candidates.length > maxCandidates ? ` and ${candidates.length - maxCandidates} more` : '';
    return `${candidates.slice(0, maxCandidates).join(', ')}${more}`;
  }
  const others = modules.filter(({ directory }) => directory !== module?.directory).map(({ directory }) => directory);
  const hint =
    others.length === 0 ? '' : `; other modules (source.directory) are in ${others.slice(0, maxCandidates).join(', ')}`;
  return `the module has none${hint}`;
}
