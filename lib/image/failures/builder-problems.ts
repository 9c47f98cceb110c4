import { resolveBase, type Service } from '../../catalog';
import type { StepFailure } from '../step-failure';
import { type BuildContext, type BuildProblem, excerpt } from './build-problem';

/**
 * Finds what the builder image lacks: a program, a header or a library. Neither is an error in the source.
 * @returns undefined if the builder is not the cause
 */
export function explainBuilder({ lines }: StepFailure, { service }: BuildContext): BuildProblem | undefined {
  for (const [index, line] of lines.entries()) {
    const lack = findLack(line, lines.slice(index + 1, index + 4));
    if (lack !== undefined) {
      return {
        code: 'builder-lacks',
        kind: 'badInput',
        message: [
          `${service.name}: the builder image has no ${lack.what}`,
          ...excerpt([line.trim()]),
          `  ${remedy(service, lack)}`,
        ].join('\n'),
      };
    }
  }
  return undefined;
}

/** What is missing, and whether the program needs it at run time too. */
interface Lack {
  readonly kind: 'program' | 'library';
  readonly what: string;
}

const missingPrograms = [
  /exec: "([^"/]+)": executable file not found in [$%]PATH/,
  /C(?:\+\+)? compiler "([^"]+)" not found/,
  /cannot execute [‘'"`]?(cc1plus|cc1|as|ld|collect2)\b/,
  /^(?:\/bin\/)?sh: (?:\d+: )?([a-z0-9+._-]+): not found$/,
] as const;

const missingLibraries = [
  /ld: cannot find -l([^\s:]+)/,
  /library not found for -l([^\s:]+)/,
  /Package '?([^\s',]+)'?,? (?:was )?(?:required by '[^']*', )?not found/,
] as const;

function findLack(line: string, following: readonly string[]): Lack | undefined {
  for (const pattern of missingPrograms) {
    const program = pattern.exec(line)?.[1];
    if (program !== undefined) {
      return { kind: 'program', what: describeProgram(program) };
    }
  }
  for (const pattern of missingLibraries) {
    const library = pattern.exec(line)?.[1];
    if (library !== undefined) {
      return { kind: 'library', what: `library ${library}` };
    }
  }
  const start = /cannot find ([Sgr]?crt[\w]+\.o)/.exec(line)?.[1];
  if (start !== undefined) {
    return { kind: 'program', what: `C library for programs (${start})` };
  }
  const header = /fatal error: '?([^\s':]+)'?(?:: No such file or directory| file not found)/.exec(line)?.[1];
  // A header in quotes is a file of the source.
  return header === undefined || following.some((text) => /#\s*include\s*"/.test(text))
    ? undefined
    : { kind: 'library', what: `header ${header}` };
}

function describeProgram(name: string): string {
  return name === 'cc1plus' ? 'C++ compiler (cc1plus)' : name;
}

function remedy(service: Service, { kind, what }: Lack): string {
  const { builder, runtime } = resolveBase(service.build);
  if (what === 'git') {
    // Go runs git for modules that no proxy has, and most of these are private.
    const declare =
      service.build.modules === undefined
        ? 'If the module is private, name it in build.modules (docs/how-to/private-modules.md); the builder of a local run then has git. '
        : '';
    return `${declare}Set bases.${builder} in platform.yaml to an image that has git, or vendor the modules (go mod vendor), or name a proxy in build.modules.proxy`;
  }
  if (!service.build.cgo) {
    return `Set bases.${builder} in platform.yaml to an image that has it`;
  }
  const atRunTime =
    runtime === undefined
      ? ''
      : ` If the program links a shared library, bases.${runtime} needs the library too (docs/explanation/image.md)`;
  return kind === 'library'
    ? `A library of the system takes a bases.${builder} in platform.yaml with its development package.${atRunTime}`
    : `A library of the system takes a bases.${builder} in platform.yaml with ${what} and the library's development package.${atRunTime}`;
}
