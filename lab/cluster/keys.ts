import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { type Layout, within } from '../layout';
import { writeRendered } from '../run/supervisor';

/** Who speaks to the API server, and as what. */
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

/** Makes authority, certificates, tokens and kubeconfigs, once; the last file written says that all are there. */
export async function makeKeys(layout: Layout): Promise<void> {
  const done = keyPath(layout, 'complete');
  if (existsSync(done)) {
    return;
  }
  const directory = keyPath(layout, '');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await authority(directory);
  await Promise.all([
    certificate(directory, 'apiserver', '/CN=kube-apiserver', serverExtensions(layout)),
    certificate(directory, 'git', '/CN=git', `subjectAltName=IP:${layout.node.address}\nextendedKeyUsage=serverAuth\n`),
    certificate(directory, 'kubelet-client', '/O=system:masters/CN=apiserver-kubelet-client', clientExtensions),
    certificate(directory, 'front-proxy', '/CN=front-proxy-client', clientExtensions),
    serviceAccountKey(directory),
  ]);
  const tokens = users.map((entry) => ({ ...entry, token: randomBytes(16).toString('hex') }));
  writeRendered({ path: keyPath(layout, 'tokens.csv'), text: tokensFile(tokens), mode: 0o600 });
  const ca = readFileSync(keyPath(layout, 'ca.crt'), 'utf8');
  for (const { file, token } of tokens) {
    writeRendered({ path: kubeconfigPath(layout, file), text: kubeconfig(layout, ca, token), mode: 0o600 });
  }
  writeRendered({ path: done, text: '' });
}

/** kube-apiserver's static tokens: token, user, uid, groups. */
export function tokensFile(
  entries: readonly { readonly token: string; readonly user: string; readonly groups: string }[],
): string {
  return entries.map(({ token, user, groups }) => `${token},${user},${user},"${groups}"\n`).join('');
}

/** A kubeconfig by token. JSON, which is YAML too. */
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

/** The names under which the API server is reached. */
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

async function authority(directory: string): Promise<void> {
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

async function certificate(directory: string, name: string, subject: string, extensions: string): Promise<void> {
  writeRendered({ path: join(directory, `${name}.ext`), text: extensions });
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

async function serviceAccountKey(directory: string): Promise<void> {
  await openssl(directory, 'genrsa', '-out', 'service-accounts.key', '2048');
  await openssl(directory, 'rsa', '-in', 'service-accounts.key', '-pubout', '-out', 'service-accounts.pub');
}
