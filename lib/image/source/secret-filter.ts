/**
 * Names of files and folders that the build context leaves out, because they usually contain secrets, logs or output of other tools. `*` stands
 * for any characters. Only `build.include`, `build.files` and the embed patterns of vendored packages, which are published already, override it.
 */
export const excludedNames = [
  '.git',
  '.env',
  '.env.*',
  '.aws',
  '.ssh',
  '.npmrc',
  '.netrc',
  '*.pem',
  '*.key',
  '*.p12',
  '*.pfx',
  'id_rsa*',
  'id_ed25519*',
  '*.log',
  'cdk.out',
  'node_modules',
] as const;

/** Whether the build context leaves a file out: its name, or that of a folder above it, is one of {@link excludedNames}. */
export function isExcluded(path: string): boolean {
  return path.split('/').some((name) => excludedNames.some((pattern) => matches(name, pattern)));
}

function matches(name: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  return end === undefined
    ? name === pattern
    : name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end);
}
