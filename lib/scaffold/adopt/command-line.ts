import { basename, join, posix } from 'node:path';
import type { Finding } from './finding';
import { at, type Dockerfile } from './reading';

/** The arguments that a Dockerfile starts a program with, for the image that Bowline builds. */
export interface CommandLine {
  readonly arguments: readonly Finding<string>[];
  /** Files of the checkout that the arguments name, relative to the folder of go.mod. */
  readonly files: readonly Finding<string>[];
  /** Another program starts this one, such as a script that fills templates. */
  readonly isStartedByAnother: boolean;
}

export interface CommandLineInputs {
  readonly dockerfiles: readonly Dockerfile[];
  /** The name of the program in the image of the checkout: the folder of its main package. */
  readonly program: string;
  /** Whether a path exists, relative to the folder of go.mod. */
  readonly exists: (path: string) => boolean;
}

/** Where `build.files` puts a file of the checkout. */
export const filesFolder = '/app';

/**
 * Reads the arguments after the program in ENTRYPOINT and CMD of the first Dockerfile that starts it. A file that the Dockerfile copies from the
 * checkout gets its place in the image of Bowline; a volume becomes a folder below /tmp, the only one that a service can write to.
 */
export function readCommandLine({ dockerfiles, program, exists }: CommandLineInputs): CommandLine {
  for (const dockerfile of dockerfiles) {
    const { entrypoint, command } = dockerfile;
    const given = [entrypoint, command].flatMap((part) =>
      part === undefined || part.shell ? [] : part.arguments.map((text) => ({ text, where: at(part) })),
    );
    const index = given.findIndex(({ text }) => isProgram(text, program));
    if (index >= 0) {
      const files: Finding<string>[] = [];
      const words = given.slice(index + 1).map(({ text, where }) => {
        const kind = entrypoint !== undefined && where === at(entrypoint) ? 'ENTRYPOINT' : 'CMD';
        return { value: placeFiles(text, dockerfile, exists, files), where: `${where} (${kind})` };
      });
      return { arguments: words, files, isStartedByAnother: index > 0 };
    }
  }
  return { arguments: [], files: [], isStartedByAnother: false };
}

function isProgram(word: string, program: string): boolean {
  return !word.startsWith('-') && basename(word) === program;
}

function placeFiles(
  word: string,
  dockerfile: Dockerfile,
  exists: (path: string) => boolean,
  files: Finding<string>[],
): string {
  const [, flag = '', path = ''] = /^(-[^=]*=)?(.*)$/s.exec(word) ?? [];
  if (!posix.isAbsolute(path)) {
    return word;
  }
  const source = findSource(path, dockerfile, exists);
  if (source !== undefined) {
    files.push(source);
    return `${flag}${join(filesFolder, source.value)}`;
  }
  const volume = dockerfile.volumes.find((folder) => path === folder || path.startsWith(`${folder}/`));
  return volume === undefined ? word : `${flag}${join('/tmp', path)}`;
}

/** The file of the checkout that a Dockerfile copies to a path of the image. */
function findSource(
  path: string,
  { copies, context }: Dockerfile,
  exists: (path: string) => boolean,
): Finding<string> | undefined {
  const found = [...copies, ...context].find(({ from, source, destination }) => {
    const target = destination.endsWith('/') ? join(destination, basename(source)) : destination;
    return from === '' && (target === path || join(destination, basename(source)) === path) && exists(source);
  });
  return found === undefined ? undefined : { value: posix.normalize(found.source), where: `${at(found)} (COPY)` };
}
