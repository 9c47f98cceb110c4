import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { type Layout, within } from '../layout';
import { writeFileAtomically } from '../machine/write-file';

/** The clients of the API server. */
const users = [
  { file: 'admin', user: 'admin', groups: 'system:masters' },
  { file: 'controller-manager', user: 'system:kube-controller-manager', groups: '' },
  { file: 'scheduler', user: 'system:kube-scheduler', groups: '' },
  { file: 'kubelet', user: 'system:node:lab', groups: 'system:nodes' },
  { file: 'proxy', user: 'system:kube-proxy', groups: '' },
] as const;

/** The path of a key or certificate. */
export function keyPath(layout: Layout, file: string): string {
  return within(layout, 'keys', file);
}

/** The path of a component's kubeconfig. */
export function kubeconfigPath(layout: Layout, name: (typeof users)[number]['file']): string {
  return within(layout, 'keys', `${name}.kubeconfig`);
}

/** Creates the CA, certificates, tokens and kubeconfigs once. The last file marks them as complete. */
export async function createKeys(layout: Layout): Promise<void> {
  const done = keyPath(layout, 'complete');
  if (existsSync(done)) {
    return;
  }
  const directory = keyPath(layout, '');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await createAuthority(directory);
  await Promise.all([
    issueCertificate(directory, {
      name: 'apiserver',
      subject: '/CN=kube-apiserver',
      extensions: serverExtensions(layout),
    }),
    issueCertificate(directory, {
      name: 'git',
      subject: '/CN=git',
      extensions: `subjectAltName=IP:${layout.node.address}\nextendedKeyUsage=serverAuth\n`,
    }),
    issueCertificate(directory, {
      name: 'kubelet-client',
      subject: '/O=system:masters/CN=apiserver-kubelet-client',
      extensions: clientExtensions,
    }),
    issueCertificate(directory, {
      name: 'front-proxy',
      subject: '/CN=front-proxy-client',
      extensions: clientExtensions,
    }),
    createServiceAccountKey(directory),
  ]);
  const tokens = users.map((entry) => ({ ...entry, token: randomBytes(16).toString('hex') }));
  writeFileAtomically({ path: keyPath(layout, 'tokens.csv'), text: tokensFile(tokens), mode: 0o600 });
  const ca = readFileSync(keyPath(layout, 'ca.crt'), 'utf8');
  for (const { file, token } of tokens) {
    writeFileAtomically({ path: kubeconfigPath(layout, file), text: kubeconfig(layout, ca, token), mode: 0o600 });
  }
  writeFileAtomically({ path: done, text: '' });
}

/** Renders the static token file of kube-apiserver: token, user, uid, groups. */
export function tokensFile(
  entries: readonly { readonly token: string; readonly user: string; readonly groups: string }[],
): string {
  return entries.map(({ token, user, groups }) => `${token},${user},${user},"${groups}"\n`).join('');
}

/** Renders a kubeconfig with a token. JSON is valid YAML. */
export function kubeconfig(layout: Layout, ca: string, token: string): string {
  const server = `https://${layout.node.address}:${layout.ports.api}`;
  return `${JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'bowline-lab',
      clusters: [
        { name: 'bowline-lab', cluster: { server, 'certificate-authority-data': Buffer.from(ca).toString('base64') } },
      ],
      users: [{ name: 'bowline-lab', user: { token } }],
      contexts: [{ name: 'bowline-lab', context: { cluster: 'bowline-lab', user: 'bowline-lab' } }],
    },
    undefined,
    2,
  )}\n`;
}

/** Renders the certificate extensions with all names and addresses of the API server. */
export function serverExtensions(layout: Layout): string {
  const names = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local'];
  const addresses = [layout.node.address, layout.services.api, '127.0.0.1'];
  const alternatives = [...names.map((name) => `DNS:${name}`), ...addresses.map((address) => `IP:${address}`)];
  return `subjectAltName=${alternatives.join(',')}\nextendedKeyUsage=serverAuth\n`;
}

const clientExtensions = 'extendedKeyUsage=clientAuth\n';

async function openssl(directory: string, ...words: readonly string[]): Promise<void> {
  await mustRun({ program: toolPath('openssl'), arguments: words, directory, timeoutSeconds: 30 });
}

async function createAuthority(directory: string): Promise<void> {
  await openssl(directory, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', 'ca.key');
  await openssl(
    directory,
    'req',
    '-x509',
    '-new',
    '-key',
    'ca.key',
    '-days',
    '3650',
    '-subj',
    '/CN=bowline-lab',
    '-out',
    'ca.crt',
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  );
}

async function issueCertificate(
  directory: string,
  certificate: { readonly name: string; readonly subject: string; readonly extensions: string },
): Promise<void> {
  const { name, subject, extensions } = certificate;
  writeFileAtomically({ path: join(directory, `${name}.ext`), text: extensions });
  await openssl(directory, 'ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', `${name}.key`);
  await openssl(directory, 'req', '-new', '-key', `${name}.key`, '-subj', subject, '-out', `${name}.csr`);
  const serial = `0x${randomBytes(15).toString('hex')}`;
  await openssl(
    directory,
    'x509',
    '-req',
    '-in',
    `${name}.csr`,
    '-CA',
    'ca.crt',
    '-CAkey',
    'ca.key',
    '-set_serial',
    serial,
    '-days',
    '3650',
    '-extfile',
    `${name}.ext`,
    '-out',
    `${name}.crt`,
  );
}

async function createServiceAccountKey(directory: string): Promise<void> {
  await openssl(directory, 'genrsa', '-out', 'service-accounts.key', '2048');
  await openssl(directory, 'rsa', '-in', 'service-accounts.key', '-pubout', '-out', 'service-accounts.pub');
}
