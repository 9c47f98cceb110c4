import type { Service } from '../catalog';
import { localReplacements, type SourceFacts } from './source-facts';

/**
 * Never part of a build context, wherever an allowed folder or an embed pattern of the service would let it in. `build.include` overrules, and
 * what a vendored package embeds: somebody published that.
 */
const secretsAndNoise = [
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

/** What Go compiles and links by itself: its assembler includes headers, its linker takes objects (https://pkg.go.dev/go/build#Package). */
const goSources = ['go', 's', 'h', 'syso'] as const;
const cgoSources = ['c', 'cc', 'cpp', 'cxx', 'hh', 'hpp', 'hxx', 'S', 'm', 'a'] as const;

/**
 * A `.dockerignore` as allow-list: everything is out, then what the compiler reads comes in, then secrets go out again.
 * Pattern rules: the last match wins (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
export function dockerignoreOf(service: Service, facts: SourceFacts, vendored: boolean): string {
  const allow = [
    'go.mod',
    'go.sum',
    '**/go.mod',
    '**/go.sum',
    ...goSources.map((extension) => `**/*.${extension}`),
    '**/default.pgo',
    ...(service.build.cgo ? cgoSources.map((extension) => `**/*.${extension}`) : []),
    ...embedded(facts, (directory) => !isVendored(directory)),
    ...localReplacements(facts.goMod)
      .filter((path) => !path.startsWith('..'))
      .map((path) => `${path.replace(/^\.\//, '').replace(/\/$/, '')}/go.mod`),
  ];
  const vendor = vendored ? ['!vendor'] : ['vendor'];
  return `${[
    '# Allow-list: nothing enters the build but what is named here.',
    '**',
    ...[...new Set(allow)].sort().map((pattern) => `!${pattern}`),
    ...vendor,
    ...secretsAndNoise,
    ...(vendored ? embedded(facts, isVendored).map((path) => `!${path}`) : []),
    ...service.build.include.map((path) => `!${path.replace(/^\.\//, '')}`),
  ].join('\n')}\n`;
}

/** What packages embed, sorted, from the root of the context. */
function embedded({ embeds }: SourceFacts, of: (directory: string) => boolean): readonly string[] {
  const paths = embeds
    .filter(({ directory }) => of(directory))
    .flatMap(({ directory, patterns }) => patterns.map((pattern) => embeddedPath(directory, pattern)));
  return [...new Set(paths)].sort();
}

function isVendored(directory: string): boolean {
  return directory.startsWith('vendor/');
}

/** The pattern of an embedded file or folder from the root of the context; `all:` is about dotfiles, which stay out by name. */
function embeddedPath(directory: string, pattern: string): string {
  const path = pattern.replace(/^all:/, '');
  return directory === '.' ? path : `${directory}/${path}`;
}
