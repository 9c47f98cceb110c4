import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { moduleVariables, renderGitConfig } from '../../image';
import { type Outcome, runTool, withTemporaryFolder } from '../../process';
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
  return withTemporaryFolder('modules', async (folder) => {
    const certificates = join(folder, 'certificates');
    const caFile = join(certificates, 'ca.pem');
    mkdirSync(certificates);
    writeFileSync(caFile, modules.ca ?? '');
    return runTool({
      program: 'go',
      access: ['go-modules'],
      arguments: ['mod', 'download'],
      // Its input is the folder of the module.
      directory,
      // Go and git look for credentials at home.
      home: { '.netrc': netrc ?? '', '.gitconfig': gitConfig(modules, caFile) },
      variables: {
        ...moduleVariables(modules),
        ...variables,
        GOFLAGS: '-mod=readonly',
        GIT_CONFIG_NOSYSTEM: '1',
        SSL_CERT_DIR: [process.env.SSL_CERT_DIR ?? certificateFolders.join(':'), certificates].join(':'),
      },
      timeoutSeconds: 900,
    });
  });
}

function gitConfig(modules: ModuleAccess['modules'], caFile: string): string {
  const machine = process.env.GIT_SSL_CAINFO;
  return [
    machine === undefined ? '' : `[http]\n\tsslCAInfo = ${machine}\n`,
    modules.ca === undefined ? '' : renderGitConfig(modules, caFile),
  ].join('');
}
