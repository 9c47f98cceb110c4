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

/** Folders of packages that no image needs. */
const ballast = [
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
 * What every runtime has: certificates and time zones out of Debian's packages (never the machine's own certificates), users, /tmp.
 * @param unpacked folder that ca-certificates and tzdata are unpacked in
 */
export function fillStatic(root: string, unpacked: string, packages: readonly UnpackedPackage[]): void {
  const certificates = join(unpacked, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(certificates)
    .sort()
    .map((name) => readFileSync(join(certificates, name), 'utf8').trimEnd());
  write(root, 'etc/ssl/certs/ca-certificates.crt', `${bundle.join('\n')}\n`);
  cpSync(join(unpacked, 'usr/share/zoneinfo'), join(root, 'usr/share/zoneinfo'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  fillUsers(root);
  mkdirSync(join(root, 'home/nonroot'), { recursive: true });
  mkdirSync(join(root, 'root'), { recursive: true });
  mkdirSync(join(root, 'tmp'), { recursive: true });
  finish(root, packages);
}

/**
 * The release that the packages are of, so that scanners match them against its advisories, under a name that says what this image is.
 * @param machine text of the machine's os-release: the packages come by its lists
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

export function fillOsRelease(root: string, title: string): void {
  write(root, 'etc/os-release', osRelease(readFileSync('/etc/os-release', 'utf8'), title));
}

/** Says which packages lie in a root as distroless does, so that SBOM tools see them, and drops what no image needs. */
export function finish(root: string, packages: readonly UnpackedPackage[]): void {
  for (const { name, control } of packages) {
    write(root, `var/lib/dpkg/status.d/${name}`, control.replace('\n', '\nStatus: install ok installed\n'));
  }
  for (const folder of ballast) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
}

/**
 * A shell and its tools: a static busybox under all its names.
 * @param busybox path of the program that is put there
 * @param applets its names
 */
export function fillTools(root: string, busybox: string, applets: readonly string[]): void {
  mkdirSync(join(root, 'bin'), { recursive: true });
  cpSync(busybox, join(root, 'bin/busybox'), { dereference: true });
  for (const applet of [...applets].sort()) {
    if (applet !== 'busybox') {
      symlinkSync('busybox', join(root, 'bin', applet));
    }
  }
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
}

/** The names under which a busybox that runs here answers. */
export async function appletsOf(busybox: string): Promise<readonly string[]> {
  return (await mustRun({ program: busybox, arguments: ['--list'], timeoutSeconds: 10 })).stdout.trim().split('\n');
}

/** What a toolchain has that compiling a service does not need. */
const toolchainBallast = /^(test|api|doc|misc|src\/cmd)$|(^|\/)testdata$|_test\.go$/;

/** The machine's Go toolchain, and the certificates that this machine downloads with: a builder is never shipped. */
export function fillToolchain(root: string, goRoot: string, certificates: string): void {
  const target = join(root, 'usr/local/go');
  mkdirSync(dirname(target), { recursive: true });
  cpSync(goRoot, target, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (path) => !toolchainBallast.test(path.slice(goRoot.length + 1)),
  });
  write(root, 'etc/ssl/certs/ca-certificates.crt', readFileSync(certificates, 'utf8'));
  fillUsers(root);
  for (const folder of ['tmp', 'root', 'go', 'source']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
}

/** The certificates that this machine trusts. @throws Error where there are none */
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
      'this machine has no bundle of certificates, and go mod download needs one: install ca-certificates, or name one by SSL_CERT_FILE',
    );
  }
  return found;
}

function fillUsers(root: string): void {
  write(root, 'etc/passwd', passwd);
  write(root, 'etc/group', group);
  write(root, 'etc/nsswitch.conf', 'hosts: files dns\n');
}

function write(root: string, path: string, text: string): void {
  const full = join(root, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}
