import { goTooOld } from './go-version';
import type { StepFailure } from './step-failure';

/** What the Go toolchain found wrong with a source, in words for whoever wrote it. */
export interface SourceProblem {
  readonly code: 'does-not-compile' | 'go-too-old' | 'modules-unfit';
  readonly message: string;
}

/** Go stops at ten errors a package; templates of C++ know no such limit. */
const mostLines = 40;

/**
 * What is wrong with the source, by what the toolchain said: its own lines (file:line:column: message), and the way out where it is ours to
 * know. Undefined for what is no fault of the source: a compiler that was killed, a disk that is full, a module that could not be had.
 * @param service its name
 * @param directory folder of go.mod from the root of the source: the compiler's paths begin there
 */
export function sourceProblemOf(failure: StepFailure, service: string, directory: string): SourceProblem | undefined {
  const tooOld = newerGo(failure.lines, service);
  if (tooOld !== undefined) {
    return { code: 'go-too-old', message: tooOld };
  }
  const lines = failure.lines.filter((line) => !isProgress(line));
  if (failure.command.startsWith('go mod ') && lines.some((line) => ofModuleFiles.test(line))) {
    const said = lines.slice(0, mostLines).map((line) => `  ${line.replace(/^\/source\//, '')}`);
    return { code: 'modules-unfit', message: [`${service}: ${failure.command} says:`, ...said].join('\n') };
  }
  if (!failure.command.startsWith('go build ') || lines.length === 0 || lines.some((line) => ofMachine.test(line))) {
    return undefined;
  }
  const shown = lines.slice(0, mostLines).map((line) => `  ${fromRoot(line, directory)}`);
  const more = lines.length > mostLines ? [`  … and ${lines.length - mostLines} more lines`] : [];
  const target = failure.platform === undefined ? '' : ` for ${failure.platform}`;
  return {
    code: 'does-not-compile',
    message: [`${service} does not compile${target}:`, ...shown, ...more, ...waysOut(lines)].join('\n'),
  };
}

/** go.mod and go.sum themselves, as opposed to what they name. */
const ofModuleFiles =
  /errors parsing go\.mod|missing go\.sum entry|malformed go\.sum|updates to go\.(?:mod|sum) needed/;

const ofMachine =
  /signal: (?:killed|aborted|bus error)|no space left on device|cannot allocate memory|out of memory|input\/output error|internal compiler error/;

/** `go build -v` names each package that it compiles, and heads the errors of each by its name. */
function isProgress(line: string): boolean {
  return line === '' || /^(?:# )?[\w.~@+/-]+$/.test(line);
}

/** `./main.go:10:14: undefined: x`, and what a C compiler says. */
const position = /^(?:\.\/)?[^\s:/][^\s:]*\.[A-Za-z]+:\d+(?::\d+)?: /;

function fromRoot(line: string, directory: string): string {
  const root = directory.replace(/^\.\//, '').replace(/\/$/, '');
  const path = line.replace(/^\.\//, '');
  return position.test(line) && root !== '' && root !== '.' ? `${root}/${path}` : path;
}

function newerGo(lines: readonly string[], service: string): string | undefined {
  for (const line of lines) {
    const [, who, wanted, running] = /(\S+) requires go >= (\S+) \(running go (\S+?)[;)]/.exec(line) ?? [];
    if (who !== undefined && wanted !== undefined && running !== undefined) {
      return goTooOld({ service, who: who.replace(/:\d+$/, ''), wanted, has: running }, platformBuilder);
    }
  }
  return undefined;
}

/** The way out where the builder is the platform's. */
const platformBuilder = 'name a builder with it in platform.yaml (bases.builder; bases.builderCgo with cgo)';

function waysOut(lines: readonly string[]): readonly string[] {
  return lines.some((line) => /: pattern .*: no matching files found$/.test(line))
    ? [
        'Dotfiles, keys (*.pem, *.key) and logs enter no build by themselves: what of them is to be embedded is named in build.include of the service.',
      ]
    : [];
}
