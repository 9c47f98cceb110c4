import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface KeyPair {
  /** PEM. */
  readonly certificate: string;
  /** PEM. */
  readonly key: string;
}

let authority: KeyPair | undefined;

/** A certificate authority that nothing on this machine trusts. One per test file. */
export function testAuthority(): KeyPair {
  authority ??= withFolder((folder) => {
    openssl(folder, [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
      ...['-subj', '/CN=Acme Test Authority', '-keyout', 'key', '-out', 'certificate'],
      ...['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign'],
    ]);
    return readPair(folder);
  });
  return authority;
}

/** A server certificate of the authority for one IPv4 address. */
export function serverCertificate(address: string): KeyPair {
  const { certificate, key } = testAuthority();
  return withFolder((folder) => {
    writeFileSync(join(folder, 'ca'), certificate);
    writeFileSync(join(folder, 'ca.key'), key);
    writeFileSync(join(folder, 'extensions'), `subjectAltName=IP:${address}\nextendedKeyUsage=serverAuth\n`);
    openssl(folder, [
      ...['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', `/CN=${address}`, '-keyout', 'key', '-out', 'request'],
    ]);
    openssl(folder, [
      ...['x509', '-req', '-in', 'request', '-CA', 'ca', '-CAkey', 'ca.key', '-set_serial', String(Date.now())],
      ...['-days', '2', '-extfile', 'extensions', '-out', 'certificate'],
    ]);
    return readPair(folder);
  });
}

function withFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-authority-'));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readPair(folder: string): KeyPair {
  return {
    certificate: readFileSync(join(folder, 'certificate'), 'utf8'),
    key: readFileSync(join(folder, 'key'), 'utf8'),
  };
}

function openssl(directory: string, words: readonly string[]): void {
  execFileSync('openssl', words, { cwd: directory, stdio: ['ignore', 'ignore', 'pipe'] });
}
