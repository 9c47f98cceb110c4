import { spawnSync } from 'node:child_process';

/** The installed versions of Debian packages, by package. Empty on other systems. */
export function installedDebianVersions(packages: readonly string[]): ReadonlyMap<string, string> {
  // dpkg-query exits with 1 when one package is unknown, and still prints the others.
  const { stdout } = spawnSync(
    'dpkg-query',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: these are the placeholders of dpkg-query.
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
