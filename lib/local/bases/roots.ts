import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../process';
import { toolPath } from '../../tools';
import { closure, type DebianPackage, offeredVersions, unpackPackages } from './debian';

const passwd = `root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
`;
const group = 'root:x:0:\nnobody:x:65534:\nnonroot:x:65532:\n';

/** Folders of packages that no image needs. */
const ballast = [
  'usr/share/doc',
  'usr/share/man',
  'usr/share/info',
  'usr/share/locale',
  'usr/share/lintian',
  'usr/share/bash-completion',
  'usr/lib/x86_64-linux-gnu/gconv',
  'usr/share/gdb',
  'usr/share/zoneinfo/posix',
  'usr/share/zoneinfo/right',
];

/** What every runtime has: certificates and time zones out of Debian's packages (never the machine's own certificates), users, /tmp. */
export async function fillStatic(root: string, packages: readonly DebianPackage[], scratch: string): Promise<void> {
  const unpacked = join(scratch, 'static-packages');
  await unpackPackages(packages, unpacked, join(scratch, 'static-downloads'));
  const certificates = join(unpacked, 'usr/share/ca-certificates/mozilla');
  const bundle = readdirSync(certificates)
    .sort()
    .map((name) => readFileSync(join(certificates, name), 'utf8').trimEnd());
  write(root, 'etc/ssl/certs/ca-certificates.crt', `${bundle.join('\n')}\n`);
  cpSync(join(unpacked, 'usr/share/zoneinfo'), join(root, 'usr/share/zoneinfo'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  fillCommon(root, 'Bowline local static base', packages);
}

function fillCommon(root: string, title: string, packages: readonly DebianPackage[]): void {
  write(root, 'etc/passwd', passwd);
  write(root, 'etc/group', group);
  write(root, 'etc/nsswitch.conf', 'hosts: files dns\n');
  write(
    root,
    'etc/os-release',
    `NAME="${title}"\nID=bowline-local\nID_LIKE=debian\nPRETTY_NAME="${title}, made on this machine"\n`,
  );
  mkdirSync(join(root, 'home/nonroot'), { recursive: true });
  mkdirSync(join(root, 'tmp'), { recursive: true });
  chmodSync(join(root, 'tmp'), 0o1777);
  for (const { name, version } of packages) {
    write(
      root,
      `var/lib/dpkg/status.d/${name}`,
      `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\nMaintainer: Debian\nDescription: ${name}\n`,
    );
  }
  clearBallast(root);
}

/** The C library beside the static base, for cgo. amd64 alone: the machine's own package lists offer no other. */
export async function fillGlibc(root: string, packages: readonly DebianPackage[], scratch: string): Promise<void> {
  await unpackPackages(packages, root, join(scratch, 'glibc-downloads'));
  clearBallast(root);
}

/** A shell and its tools: a static busybox. */
export async function fillTools(root: string): Promise<void> {
  const busybox = toolPath('busybox');
  mkdirSync(join(root, 'bin'), { recursive: true });
  cpSync(busybox, join(root, 'bin/busybox'), { dereference: true });
  chmodSync(join(root, 'bin/busybox'), 0o755);
  const { stdout } = await mustRun({ program: busybox, arguments: ['--list'], timeoutSeconds: 10 });
  for (const applet of stdout.trim().split('\n').sort()) {
    if (applet !== 'busybox') {
      symlinkSync('busybox', join(root, 'bin', applet));
    }
  }
  for (const folder of ['usr/bin', 'tmp', 'root', 'go', 'source']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  chmodSync(join(root, 'tmp'), 0o1777);
}

/** The machine's Go toolchain, and the certificates that this machine downloads with: a builder is never shipped. */
export function fillToolchain(root: string, goRoot: string): void {
  cpSync(goRoot, join(root, 'usr/local/go'), { recursive: true, verbatimSymlinks: true });
  for (const folder of ['test', 'api', 'doc', 'misc']) {
    rmSync(join(root, 'usr/local/go', folder), { recursive: true, force: true });
  }
  write(
    root,
    'etc/ssl/certs/ca-certificates.crt',
    readFileSync(process.env.SSL_CERT_FILE ?? '/etc/ssl/certs/ca-certificates.crt', 'utf8'),
  );
  write(root, 'etc/passwd', passwd);
  write(root, 'etc/group', group);
  write(root, 'etc/nsswitch.conf', 'hosts: files dns\n');
}

/** A C compiler with all that it needs. */
export async function fillCompiler(root: string, packages: readonly DebianPackage[], scratch: string): Promise<void> {
  await unpackPackages(packages, root, join(scratch, 'compiler-downloads'));
  clearBallast(root);
  // Debian's merged /usr: programs look for /lib and /lib64, packages of this release bring both.
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
}

/** The packages of each root, at the offered versions. */
export async function packagesOf(
  kind: 'static' | 'glibc' | 'compiler',
  scratch: string,
): Promise<readonly DebianPackage[]> {
  switch (kind) {
    case 'static':
      return offeredVersions(['ca-certificates', 'tzdata']);
    case 'glibc':
      return offeredVersions(['libc6', 'libgcc-s1']);
    case 'compiler':
      return offeredVersions(await closure(['gcc', 'libc6-dev'], scratch));
  }
}

function clearBallast(root: string): void {
  for (const folder of ballast) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
}

function write(root: string, path: string, text: string): void {
  const full = join(root, path);
  mkdirSync(join(full, '..'), { recursive: true });
  writeFileSync(full, text);
}
