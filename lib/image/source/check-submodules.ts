import type { Service } from '../../catalog';
import type { SourceFacts } from './facts';
import { isBelow, joinPaths, pathBelow } from './layout';
import type { SourceFault } from './source-fault';

/**
 * Finds a submodule that the build reads and that is empty. Go takes no notice of an empty folder: an embedded folder would lack the files of the
 * submodule, and every step would pass.
 */
export function checkSubmodules(service: Service, facts: SourceFacts): SourceFault | undefined {
  for (const submodule of facts.emptySubmodules) {
    const reader = findReader(service, facts, submodule);
    if (reader !== undefined) {
      return {
        code: 'recipe',
        message: `${reader} the submodule ${submodule}, which is empty. ${submoduleRemedy(service)}`,
      };
    }
  }
  return undefined;
}

/** How a service gets the files of its submodules. */
export function submoduleRemedy({ source }: Service): string {
  return source.clone === 'full'
    ? 'On your machine, run git submodule update --init --recursive. In a pipeline, deploy it again: its source is still an archive. If .gitmodules lists a submodule that no longer exists, remove it there.'
    : 'The source of this pipeline is an archive, which has no submodules: set source.clone: full, and deploy the pipeline; or vendor the module (go mod vendor), require a released version, or copy the files.';
}

/** What reads the submodule, as the beginning of a sentence. */
function findReader({ source, build }: Service, facts: SourceFacts, submodule: string): string | undefined {
  const directory = joinPaths(source.directory, '.');
  if (isBelow(directory, submodule)) {
    return `source.directory (${directory}) is in`;
  }
  if (isBelow(joinPaths(directory, build.main), submodule)) {
    return `the main package (${build.main}) is in`;
  }
  const replacement = facts.replacements.find(
    ({ required, folder }) => required && folder !== undefined && isBelow(folder, submodule),
  );
  if (replacement !== undefined) {
    return `${replacement.position} replaces ${replacement.path} with ${replacement.with}, in`;
  }
  const use = facts.workspace?.uses.find((folder) => isBelow(folder, submodule));
  if (use !== undefined) {
    return `${facts.workspace?.file} uses ${use}, in`;
  }
  const imported = facts.imports.find((path) => folderOf(facts, path).some((folder) => isBelow(folder, submodule)));
  if (imported !== undefined) {
    return `the program imports ${imported}, in`;
  }
  const embed = facts.embeds.find((candidate) => embedsFolder(candidate, submodule));
  if (embed !== undefined) {
    return `${embed.positions[0]}: pattern ${embed.pattern} embeds`;
  }
  const listed = build.files.find((path) => {
    const own = joinPaths(directory, path);
    return isBelow(own, submodule) || isBelow(submodule, own);
  });
  return listed === undefined ? undefined : `build.files lists ${listed}, with`;
}

/** The folders of the checkout that an import path could mean. */
function folderOf({ localModules }: SourceFacts, path: string): readonly string[] {
  return localModules.flatMap((module) =>
    path.startsWith(`${module.path}/`) ? [joinPaths(module.directory, path.slice(module.path.length + 1))] : [],
  );
}

/** Whether a pattern of `//go:embed` matches a folder, or a folder above it. Without `all:`, names with "." and "_" count only where they are written. */
function embedsFolder({ directory, pattern }: SourceFacts['embeds'][number], folder: string): boolean {
  if (!isBelow(folder, directory) || folder === directory) {
    return false;
  }
  const glob = globOf(pattern.replace(/^all:/, ''));
  const names = pathBelow(directory, folder).split('/');
  return names.some(
    (_, index) =>
      glob.test(names.slice(0, index + 1).join('/')) &&
      (pattern.startsWith('all:') || names.slice(index + 1).every((name) => !/^[._]/.test(name))),
  );
}

/** The syntax of Go's path.Match. A pattern that it rejects is an error of its own. */
function globOf(pattern: string): RegExp {
  const text = pattern.replace(
    /\\(.)|\[(\^?)((?:\\.|[^\]\\])*)\]|([*?])|([^\w\s/-])/g,
    (_, escaped, not, set, any, other) => {
      if (set !== undefined) {
        return `[${not}${set.replace(/[[\]^]/g, '\\$&')}]`;
      }
      return any === '*' ? '[^/]*' : any === '?' ? '[^/]' : `\\${escaped ?? other}`.replace(/^\\(?=\w)/, '');
    },
  );
  try {
    return new RegExp(`^${text}$`);
  } catch {
    return /^$/;
  }
}
