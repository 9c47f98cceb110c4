import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { type FixtureDatabases, toolPath } from '../../lib/tools';

const ownAdvisories = join(__dirname, '..', '..', 'tools', 'advisories');

/** The CVE that {@link databasesOfTomorrow} adds. It is in `golang.org/x/net`, before 99.0.0. */
export const publishedLater = 'CVE-2026-99999';

/** Makes fixture databases in a folder, with one advisory more than those of the project. */
export async function databasesOfTomorrow(
  folder: string,
  severity: string,
): Promise<FixtureDatabases & { readonly origin: 'fixture' }> {
  const advisories = join(folder, 'advisories');
  cpSync(ownAdvisories, advisories, { recursive: true });
  const published = {
    ghsa: 'GHSA-9999-8888-7777',
    go: 'GO-2026-9999',
    cve: publishedLater,
    module: 'golang.org/x/net',
    fixed: '99.0.0',
    severity,
    summary: 'An advisory that nobody knew when the release was scanned',
    published: '2026-11-30',
    vulnerable: { 'golang.org/x/net/html': ['Tokenizer.Next'] },
  };
  writeFileSync(join(advisories, 'published-later.json'), JSON.stringify(published));
  const directory = join(folder, 'databases');
  mkdirSync(directory, { recursive: true });
  await mustRun({
    program: toolPath('vulnerability-databases'),
    arguments: [advisories, directory],
    timeoutSeconds: 120,
  });
  return {
    origin: 'fixture',
    grype: join(directory, 'grype'),
    govulncheck: join(directory, 'govulncheck'),
    trivy: join(directory, 'trivy'),
  };
}
