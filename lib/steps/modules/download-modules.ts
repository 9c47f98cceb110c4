import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moduleVariables, renderGitConfig } from '../../image';
import { mustRun, type Outcome, run } from '../../process';
import type { ModuleAccess } from './module-access';

/** Where crypto/x509 looks for certificates on Linux unless SSL_CERT_DIR is set (root_linux.go). */
const certificateFolders = ['/etc/ssl/certs', '/etc/pki/tls/certs'];

/**
 * Downloads the modules of a source into Go's module cache, with the credential in a home directory of this call alone. Programs that run later
 * find the modules in the cache and need no credential.
 * @param directory folder of go.mod
 * @param variables additional variables of the go command, such as GOWORK
 * @returns the outcome of `go mod download`, which the caller evaluates
 */
export async function downloadModules(
  directory: string,
  { modules, netrc }: ModuleAccess,
  variables: Readonly<Record<string, string>> = {},
): Promise<Outcome> {
  const home = mkdtempSync(join(tmpdir(), 'bowline-modules-'));
  try {
    const certificates = join(home, 'certificates');
    const caFile = join(certificates, 'ca.pem');
    mkdirSync(certificates);
    writeFileSync(caFile, modules.ca ?? '');
    writeFileSync(join(home, '.netrc'), netrc ?? '', { mode: 0o600 });
    writeFileSync(join(home, '.gitconfig'), gitConfig(modules, caFile));
    return await run({
      program: 'go',
      arguments: ['mod', 'download'],
      directory,
      environment: {
        ...(await goFolders(directory)),
        ...moduleVariables(modules),
        ...variables,
        GOFLAGS: '-mod=readonly',
        HOME: home,
        NETRC: undefined,
        // It would override the certificates of git's configuration, which has it instead.
        GIT_SSL_CAINFO: undefined,
        XDG_CONFIG_HOME: undefined,
        SSL_CERT_DIR: [process.env.SSL_CERT_DIR ?? certificateFolders.join(':'), certificates].join(':'),
      },
      timeoutSeconds: 900,
    });
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function gitConfig(modules: ModuleAccess['modules'], caFile: string): string {
  const machine = process.env.GIT_SSL_CAINFO;
  return [
    machine === undefined ? '' : `[http]\n\tsslCAInfo = ${machine}\n`,
    modules.ca === undefined ? '' : renderGitConfig(modules, caFile),
  ].join('');
}

/** Go's folders, which would otherwise follow the home directory. */
async function goFolders(directory: string): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['env', '-json', 'GOENV', 'GOPATH', 'GOMODCACHE'],
    directory,
    environment: { GOTOOLCHAIN: 'local' },
    timeoutSeconds: 30,
  });
  return JSON.parse(stdout) as Readonly<Record<string, string>>;
}
