/** A failed command of a Dockerfile, parsed from the output of BuildKit. */
export interface StepFailure {
  /** The command as BuildKit prints it, such as `go mod download`. */
  readonly command: string;
  /** The target platform, if BuildKit prints it. */
  readonly platform?: string;
  /** -1 if BuildKit prints none. */
  readonly exitCode: number;
  /** The output of the command, without the timestamps of BuildKit. */
  readonly lines: readonly string[];
}

/**
 * Finds the failed step in the plain progress output of BuildKit. Steps that BuildKit cancels because of it have other numbers.
 * @returns undefined if no command failed, for example because of an error in BuildKit or in a registry
 */
export function readStepFailure(progress: string): StepFailure | undefined {
  const failed = /^#(\d+) ERROR: process "(.*)" did not complete successfully: (?:exit code: (\d+))?/m.exec(progress);
  if (failed === null) {
    return undefined;
  }
  const [, number = '', command = '', exitCode] = failed;
  const platform = parsePlatform(new RegExp(`^#${number} \\[([^\\]]*)\\]`, 'm').exec(progress)?.[1] ?? '');
  return {
    command,
    platform,
    exitCode: Number(exitCode ?? -1),
    lines: [...progress.matchAll(new RegExp(`^#${number} \\d+\\.\\d+ (.*)$`, 'gm'))].map(([, line = '']) =>
      line.trimEnd(),
    ),
  };
}

/** `linux/amd64->arm64 compile 2/2` → `linux/arm64`; `linux/amd64 binary-linux-mips 1/1` → `linux/mips`. */
function parsePlatform(name: string): string | undefined {
  const [first = '', second = ''] = name.split(' ');
  const binary = /\bbinary-([a-z0-9]+)-([a-z0-9]+)$/.exec(first.startsWith('binary-') ? first : second);
  if (binary !== null) {
    return `${binary[1]}/${binary[2]}`;
  }
  const [buildPlatform = '', target] = first.split('->');
  const [os, architecture] = buildPlatform.split('/');
  if (architecture === undefined || second === '') {
    return undefined;
  }
  if (target === undefined) {
    return buildPlatform;
  }
  return target.includes('/') ? target : `${os}/${target}`;
}
