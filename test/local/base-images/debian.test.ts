import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { findDownload, listsFingerprint, parseUris, parseVersions } from '../../../lib/local/base-images/debian';
import { osRelease } from '../../../lib/local/base-images/rootfs';

test('versions are parsed per package, with any fields between name and version', () => {
  const output = `Package: libc6
Source: glibc
Version: 2.36-9+deb12u10
Description: GNU C Library
 Package: not a field
 Version: neither

Package: base-files
Essential: yes
Version: 12.4+deb12u10
`;
  expect([...parseVersions(output)]).toEqual([
    ['libc6', '2.36-9+deb12u10'],
    ['base-files', '12.4+deb12u10'],
  ]);
});

test('a package without a version does not get the version of the next package', () => {
  expect([...parseVersions('Package: virtual\n\nPackage: real\nVersion: 1\n')]).toEqual([['real', '1']]);
});

test('package names are parsed from the URLs that apt prints, and sorted', () => {
  const output = `'http://deb.debian.org/debian/pool/main/l/linux/linux-libc-dev_6.1.170-1_amd64.deb' linux-libc-dev_6.1.170-1_amd64.deb 2154212 MD5Sum:1
'http://deb.debian.org/debian/pool/main/g/gcc-12/libstdc%2b%2b6_12.2.0-14_amd64.deb' libstdc++6_12.2.0-14_amd64.deb 613212 MD5Sum:2
'http://deb.debian.org/debian/pool/main/g/gcc-defaults/gcc_12.2.0-3_amd64.deb' gcc_4%3a12.2.0-3_amd64.deb 5216 MD5Sum:3
`;
  expect(parseUris(output)).toEqual(['gcc', 'libstdc++6', 'linux-libc-dev']);
});

test('a downloaded package is found by its exact name and version', () => {
  const files = ['gcc-12_12.2.0-14_amd64.deb', 'gcc_4%3a12.2.0-3_amd64.deb', 'gcc_4%3a12.2.0-30_amd64.deb', 'gcc.txt'];
  expect(findDownload(files, 'gcc', '4:12.2.0-3')).toBe('gcc_4%3a12.2.0-3_amd64.deb');
  expect(() => findDownload(files, 'gcc', '4:12.2.0-4')).toThrow('apt-get did not download gcc 4:12.2.0-4');
});

describe('the os-release of a base image', () => {
  test('has the ID and version of the distribution, and the name of the image', () => {
    const machine =
      'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
    expect(osRelease(machine, 'static base')).toBe(
      'PRETTY_NAME="Bowline local static base, made on one machine of debian 12 packages"\nNAME="Bowline local static base"\nID=debian\nVERSION_ID="12"\n',
    );
  });

  test('has no version when the machine has none, as on Debian sid', () => {
    expect(osRelease('ID=debian\nNAME="Debian GNU/Linux"\n', 'glibc base')).not.toContain('VERSION_ID');
  });

  test('never has the name of the distribution', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z ]{1,20}$/), (name) => {
        expect(osRelease(`NAME="${name}"\nPRETTY_NAME="${name}"\nID=x\n`, 'b')).toMatch(/^NAME="Bowline local b"$/m);
      }),
    );
  });
});

test('the fingerprint of package lists changes only with a name, a size or a time', () => {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-lists-'));
  const write = (name: string, text: string, seconds: number) => {
    writeFileSync(join(directory, name), text);
    utimesSync(join(directory, name), seconds, seconds);
  };
  try {
    write('a_Packages', 'one', 1000);
    const first = listsFingerprint(directory);
    write('a_Packages', 'one', 1000);
    expect(listsFingerprint(directory)).toBe(first);
    write('a_Packages', 'one', 1001);
    expect(listsFingerprint(directory)).not.toBe(first);
    write('a_Packages', 'more', 1000);
    expect(listsFingerprint(directory)).not.toBe(first);
    write('a_Packages', 'one', 1000);
    write('b_Packages', '', 1000);
    expect(listsFingerprint(directory)).not.toBe(first);
    expect(listsFingerprint(join(directory, 'nowhere'))).toBe('');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
