import type { Service } from '../catalog';
import { parseLocalReplacements, type SourceInfo } from './source-info';

/**
 * Excluded from the build context even if an allowed folder or an embed pattern of the service matches. Only `build.include` and the embed
 * patterns of vendored packages, which are published already, override the exclusion.
 */
const excludedPatterns = [
  '**/.git',
  '**/.env',
  '**/.env.*',
  '**/.aws',
  '**/.ssh',
  '**/.npmrc',
  '**/.netrc',
  '**/*.pem',
  '**/*.key',
  '**/*.p12',
  '**/*.pfx',
  '**/id_rsa*',
  '**/id_ed25519*',
  '**/*.log',
  '**/cdk.out',
  '**/node_modules',
  '**/*_test.go',
] as const;

/** Files that Go compiles and links without cgo: the assembler includes headers, the linker accepts objects (https://pkg.go.dev/go/build#Package). */
const goSources = ['go', 's', 'h', 'syso'] as const;
const cgoSources = ['c', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx', 'S', 'm', 'a'] as const;

/**
 * Renders `.dockerignore` as an allow-list: exclude everything, include what the compiler reads, then exclude secrets again.
 * The last matching pattern wins (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function renderDockerignore(service: Service, source: SourceInfo, vendored: boolean): string {
  const allow = [
    'go.mod',
    'go.sum',
    '**/go.mod',
    '**/go.sum',
    ...goSources.map((extension) => `**/*.${extension}`),
    '**/default.pgo',
    ...(service.build.cgo ? cgoSources.map((extension) => `**/*.${extension}`) : []),
    ...embeddedPaths(source, (directory) => !isVendored(directory)),
    ...parseLocalReplacements(source.goMod)
      .filter((path) => !path.startsWith('..'))
      .map((path) => `${path.replace(/^\.\//, '').replace(/\/$/, '')}/go.mod`),
  ];
  const vendor = vendored ? ['!vendor'] : ['vendor'];
  return `${[
    '# Allow-list: the build context contains only the files that match these patterns.',
    '**',
    ...[...new Set(allow)].sort().map((pattern) => `!${pattern}`),
    ...vendor,
    ...excludedPatterns,
    ...(vendored ? embeddedPaths(source, isVendored).map((path) => `!${path}`) : []),
    ...service.build.include.map((path) => `!${path.replace(/^\.\//, '')}`),
  ].join('\n')}\n`;
}

/** The sorted paths that packages embed, relative to the root of the context. */
function embeddedPaths({ embeds }: SourceInfo, matches: (directory: string) => boolean): readonly string[] {
  const paths = embeds
    .filter(({ directory }) => matches(directory))
    .flatMap(({ directory, patterns }) => patterns.map((pattern) => toContextPath(directory, pattern)));
  return [...new Set(paths)].sort();
}

function isVendored(directory: string): boolean {
  return directory.startsWith('vendor/');
}

/** Drops the prefix `all:`, because dotfiles are excluded by name. */
function toContextPath(directory: string, pattern: string): string {
  const path = pattern.replace(/^all:/, '');
  return directory === '.' ? path : `${directory}/${path}`;
}
