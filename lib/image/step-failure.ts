/** A command of a Dockerfile that failed, out of what BuildKit wrote. */
export interface StepFailure {
  /** The command as BuildKit names it, such as `go mod download`. */
  readonly command: string;
  /** What it was compiling for, where BuildKit says so. */
  readonly platform?: string;
  /** -1 where BuildKit names none. */
  readonly exitCode: number;
  /** What the command wrote, without BuildKit's times. */
  readonly lines: readonly string[];
}

/**
 * Finds the step that failed in the plain progress of BuildKit. What runs beside it is broken off and has another number.
 * @returns undefined where no command failed: trouble of BuildKit's own, or of a registry
 */
export function readStepFailure(progress: string): StepFailure | undefined {
  const failed = /^#(\d+) ERROR: process "(.*)" did not complete successfully: (?:exit code: (\d+))?/m.exec(progress);
  if (failed === null) {
    return undefined;
  }
  const [, number = '', command = '', exitCode] = failed;
  const platform = platformOf(new RegExp(`^#${number} \\[([^\\]]*)\\]`, 'm').exec(progress)?.[1] ?? '');
  return {
    command,
    ...(platform === undefined ? {} : { platform }),
    exitCode: Number(exitCode ?? -1),
    lines: [...progress.matchAll(new RegExp(`^#${number} \\d+\\.\\d+ (.*)$`, 'gm'))].map(([, line = '']) =>
      line.trimEnd(),
    ),
  };
}

/** `linux/amd64->arm64 compile 2/2` → `linux/arm64`; `linux/amd64 binary-linux-mips 1/1` → `linux/mips`. */
function platformOf(name: string): string | undefined {
  const [first = '', second = ''] = name.split(' ');
  const binary = /\bbinary-([a-z0-9]+)-([a-z0-9]+)$/.exec(first.startsWith('binary-') ? first : second);
  if (binary !== null) {
    return `${binary[1]}/${binary[2]}`;
  }
  const [own = '', other] = first.split('->');
  const [os, architecture] = own.split('/');
  if (architecture === undefined || second === '') {
    return undefined;
  }
  return other === undefined ? own : other.includes('/') ? other : `${os}/${other}`;
}
