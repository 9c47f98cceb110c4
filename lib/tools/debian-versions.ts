import { spawnSync } from 'node:child_process';

/** The versions of Debian packages that are installed. Empty on another system. */
export function debianVersions(packages: readonly string[]): ReadonlyMap<string, string> {
  // It exits with 1 when it does not know one of them, and tells the others.
  const { stdout } = spawnSync(
    'dpkg-query',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg's own.
    ['--show', '--showformat', '${db:Status-Status} ${Package} ${Version}\n', ...packages],
    { encoding: 'utf8', timeout: 10_000 },
  );
  return new Map(
    (stdout ?? '')
      .split('\n')
      .map((line) => line.split(' '))
      .flatMap(([status, name, version]) =>
        status === 'installed' && name !== undefined && version !== undefined ? [[name, version] as const] : [],
      ),
  );
}
