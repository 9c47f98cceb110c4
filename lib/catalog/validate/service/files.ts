import type { PartiallyParsed } from '../../parse/partial-parse';
import type { Service } from '../../schema/service';
import type { Finding } from '../finding';

/** The size limit of a ConfigMap (kubernetes/kubernetes, pkg/apis/core/validation: MaxSecretSize). */
const maxFilesBytes = 1024 * 1024;

/** Paths that belong to something else, with what that is. A file can be neither there nor below. */
const reservedPaths: Readonly<Record<string, string>> = {
  '/tmp': 'the only folder that the service can write to',
  '/proc': 'a file system of the kernel',
  '/sys': 'a file system of the kernel',
  '/dev': 'a file system of the kernel',
  '/run/secrets': 'the folder of the tokens that Kubernetes mounts',
  '/var/run/secrets': 'the folder of the tokens that Kubernetes mounts',
  '/etc/hosts': 'a file that Kubernetes writes',
  '/etc/hostname': 'a file that Kubernetes writes',
  '/etc/resolv.conf': 'a file that Kubernetes writes',
};

/** Finds configuration files that Kubernetes would reject, or that would replace something which the pod needs. */
export function validateFiles({ name, environments = {} }: PartiallyParsed<Service>): readonly Finding[] {
  return Object.entries(environments).flatMap(([environment, { files = {} } = {}]) => {
    const path = ['environments', environment, 'files'];
    const paths = Object.keys(files);
    return [
      ...paths.flatMap((file): readonly Finding[] => {
        const expected = findReservation(file, paths, name);
        return expected === undefined
          ? []
          : [{ code: 'reserved-path', path: [...path, file], target: 'key', expected, dependsOn: [['name']] }];
      }),
      ...findTooLargeFiles(files, path),
    ];
  });
}

function findReservation(file: string, others: readonly string[], name: string | undefined): string | undefined {
  const reserved = Object.entries(reservedPaths).find(([path]) => isAtOrBelow(file, path));
  if (reserved !== undefined) {
    return `another path: ${reserved[0]} is ${reserved[1]}`;
  }
  if (name !== undefined && isAtOrBelow(file, `/${name}`)) {
    return `another path: /${name} is the program`;
  }
  const parent = others.find((other) => other !== file && isAtOrBelow(file, other));
  return parent === undefined ? undefined : `another path: ${parent} is a file, not a folder`;
}

function findTooLargeFiles(
  files: Readonly<Record<string, string | undefined>>,
  path: readonly string[],
): readonly Finding[] {
  const bytes = Object.values(files).reduce((sum, text = '') => sum + Buffer.byteLength(text), 0);
  return bytes > maxFilesBytes
    ? [
        {
          code: 'files-too-large',
          path,
          found: bytes,
          expected: `at most ${maxFilesBytes} bytes in all files of an environment, the limit of a ConfigMap: build larger files into the image`,
        },
      ]
    : [];
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}
