import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { mustRun } from '../../process';
import type { UnpackedPackage } from './debian';
import { nonroot } from './pack-layer';

const passwd = `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:${nonroot}:${nonroot}:nonroot:/home/nonroot:/sbin/nologin
`;
const group = `root:x:0:\nnobody:x:65534:\nnonroot:x:${nonroot}:\n`;

/** Folders of Debian packages that no image needs. */
const unusedFolders = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/bash-completion',
  'usr/lib/x86_64-linux-gnu/gconv',
  'usr/lib/aarch64-linux-gnu/gconv',
  'usr/share/gdb',
  'usr/share/zoneinfo/posix',
  'usr/share/zoneinfo/right',
];

/**
 * Adds what every runtime image needs: certificates and time zones from Debian packages, users and /tmp. Certificates of this machine
 * are not added.
 * @param unpacked folder with the files of ca-certificates and tzdata
 */
export function addStaticFiles(root: string, unpacked: string): void {
  const certificates = join(unpacked, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(certificates)
    .sort()
    .map((name) => readFileSync(join(certificates, name), 'utf8').trimEnd());
  writeTo(root, 'etc/ssl/certs/ca-certificates.crt', `${bundle.join('\n')}\n`);
  cpSync(join(unpacked, 'usr/share/zoneinfo'), join(root, 'usr/share/zoneinfo'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  addUsers(root);
  mkdirSync(join(root, 'home/nonroot'), { recursive: true });
  mkdirSync(join(root, 'root'), { recursive: true });
  mkdirSync(join(root, 'tmp'), { recursive: true });
}

/**
 * The os-release of a base image: the ID and version of this machine's distribution, so that scanners find the advisories for its packages, and
 * the name of the image.
 * @param machine text of the machine's os-release, since the packages come from its package lists
 */
export function osRelease(machine: string, title: string): string {
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, 'm').exec(machine)?.[1];
  const id = field('ID') ?? 'debian';
  const version = field('VERSION_ID');
  return [
    `PRETTY_NAME="Bowline local ${title}, made on one machine of ${id}${version === undefined ? '' : ` ${version}`} packages"`,
    `NAME="Bowline local ${title}"`,
    `ID=${id}`,
    ...(version === undefined ? [] : [`VERSION_ID="${version}"`]),
    '',
  ].join('\n');
}

export function addOsRelease(root: string, title: string): void {
  writeTo(root, 'etc/os-release', osRelease(readFileSync('/etc/os-release', 'utf8'), title));
}

/** Lists the packages in the way of distroless images, so that SBOM tools find them. */
export function addPackageMetadata(root: string, packages: readonly UnpackedPackage[]): void {
  for (const { name, control } of packages) {
    writeTo(root, `var/lib/dpkg/status.d/${name}`, control.replace('\n', '\nStatus: install ok installed\n'));
  }
}

export function removeUnusedFolders(root: string): void {
  for (const folder of unusedFolders) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
}

/**
 * Adds a shell and its tools: a static busybox, and a link to it for each applet.
 * @param busybox path of the program
 */
export function addBusybox(root: string, busybox: string, applets: readonly string[]): void {
  mkdirSync(join(root, 'bin'), { recursive: true });
  cpSync(busybox, join(root, 'bin/busybox'), { dereference: true });
  for (const applet of [...applets].sort()) {
    if (applet !== 'busybox') {
      symlinkSync('busybox', join(root, 'bin', applet));
    }
  }
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
}

/** The applets of a busybox that runs on this machine. */
export async function listApplets(busybox: string): Promise<readonly string[]> {
  return (await mustRun({ program: busybox, arguments: ['--list'], timeoutSeconds: 10 })).stdout.trim().split('\n');
}

/** Files of a Go toolchain that compiling a service does not need. */
const unusedToolchainFiles = /^(test|api|doc|misc|src\/cmd)$|(^|\/)testdata$|_test\.go$/;

/** Adds this machine's Go toolchain, and its certificates, which `go mod download` needs. Only builder images contain them. */
export function addGoToolchain(root: string, goRoot: string, certificates: string): void {
  const target = join(root, 'usr/local/go');
  mkdirSync(dirname(target), { recursive: true });
  cpSync(goRoot, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !unusedToolchainFiles.test(path.slice(goRoot.length + 1)),
  });
  writeTo(root, 'etc/ssl/certs/ca-certificates.crt', readFileSync(certificates, 'utf8'));
  addUsers(root);
  for (const folder of ['tmp', 'root', 'go', 'source']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
}

/** Path of the certificates that this machine trusts. @throws Error when there are none */
export function hostCertificates(environment: NodeJS.ProcessEnv = process.env): string {
  const places = [
    environment.SSL_CERT_FILE,
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/cert.pem',
  ];
  const found = places.find((path) => path !== undefined && existsSync(path));
  if (found === undefined) {
    throw new Error(
      'this machine has no certificate bundle, which go mod download needs: install ca-certificates, or set SSL_CERT_FILE',
    );
  }
  return found;
}

function addUsers(root: string): void {
  writeTo(root, 'etc/passwd', passwd);
  writeTo(root, 'etc/group', group);
  writeTo(root, 'etc/nsswitch.conf', 'hosts: files dns\n');
}

function writeTo(root: string, path: string, text: string): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}
