import { posix } from 'node:path';
import { describeGoVersionMismatch } from './go-version';
import type { StepFailure } from './step-failure';

/** An error in the source that the Go toolchain reported. */
export interface SourceProblem {
  readonly code: 'does-not-compile' | 'go-too-old' | 'modules-unfit';
  readonly message: string;
}

/** Go stops after ten errors per package, but C++ templates can produce many more lines. */
const maxLines = 40;

/**
 * Finds the error in the source that made a build step fail. The message contains the lines of the toolchain (file:line:column: message) and
 * a remedy where one is known. Undefined if the source is not the cause: a killed compiler, a full disk, an unavailable module.
 * @param service the name of the service
 * @param directory the folder of go.mod, relative to the root of the source. The paths of the compiler are relative to it.
 */
export function findSourceProblem(failure: StepFailure, service: string, directory: string): SourceProblem | undefined {
  const versionMismatch = describeVersionMismatch(failure.lines, service);
  if (versionMismatch !== undefined) {
    return { code: 'go-too-old', message: versionMismatch };
  }
  const lines = failure.lines.filter((line) => !isProgress(line));
  if (failure.command.startsWith('go mod ') && lines.some((line) => moduleFileErrors.test(line))) {
    const excerpt = lines.slice(0, maxLines).map((line) => `  ${line.replace(/^\/source\//, '')}`);
    return { code: 'modules-unfit', message: [`${service}: ${failure.command} reports:`, ...excerpt].join('\n') };
  }
  if (
    !failure.command.startsWith('go build ') ||
    lines.length === 0 ||
    lines.some((line) => machineErrors.test(line))
  ) {
    return undefined;
  }
  const excerpt = lines.slice(0, maxLines).map((line) => `  ${relativeToRoot(line, directory)}`);
  const omitted = lines.length > maxLines ? [`  … and ${lines.length - maxLines} more lines`] : [];
  const target = failure.platform === undefined ? '' : ` for ${failure.platform}`;
  return {
    code: 'does-not-compile',
    message: [`${service} does not compile${target}:`, ...excerpt, ...omitted].join('\n'),
  };
}

/** Errors in go.mod and go.sum themselves, not in the modules that they list. */
const moduleFileErrors =
  /errors parsing go\.mod|missing go\.sum entry|malformed go\.sum|updates to go\.(?:mod|sum) needed/;

const machineErrors =
  /signal: (?:killed|aborted|bus error)|no space left on device|cannot allocate memory|out of memory|input\/output error|internal compiler error/;

function describeVersionMismatch(lines: readonly string[], service: string): string | undefined {
  for (const line of lines) {
    const [, requiredBy, required, available] = /(\S+) requires go >= (\S+) \(running go (\S+?)[;)]/.exec(line) ?? [];
    if (requiredBy !== undefined && required !== undefined && available !== undefined) {
      return describeGoVersionMismatch(
        { service, requiredBy: requiredBy.replace(/:\d+$/, ''), required, available },
        platformBuilderRemedy,
      );
    }
  }
  return undefined;
}

const platformBuilderRemedy = 'set a newer builder in platform.yaml (bases.builder, or bases.builderCgo with cgo)';

/** `go build -v` prints the name of each package that it compiles, and prints the name as a heading above its errors. */
function isProgress(line: string): boolean {
  return line === '' || /^(?:# )?[\w.~@+/-]+$/.test(line);
}

/** The position in a message of Go or of a C compiler: `./main.go:10:14: undefined: x`. */
const position = /^(?:\.\/)?[^\s:/][^\s:]*\.[A-Za-z]+:\d+(?::\d+)?: /;

function relativeToRoot(line: string, directory: string): string {
  const root = directory.replace(/^\.\//, '').replace(/\/$/, '');
  const path = line.replace(/^\.\//, '');
  return position.test(line) && root !== '' && root !== '.' ? posix.normalize(`${root}/${path}`) : path;
}
