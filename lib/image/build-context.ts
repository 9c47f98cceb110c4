import type { Service } from '../catalog';
import { localReplacements, type SourceFacts } from './source-facts';

/** Never part of a build context, wherever an allowed folder or an embed pattern would let it in. `build.include` alone overrules. */
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

const cgoSources = ['c', 'cc', 'cpp', 'cxx', 'h', 'hh', 'hpp', 'hxx', 's', 'S', 'syso', 'm', 'a'] as const;

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
    '**/*.go',
    '**/*.s',
    '**/default.pgo',
    ...(service.build.cgo ? cgoSources.map((extension) => `**/*.${extension}`) : []),
    ...facts.embeds.flatMap(({ directory, patterns }) => patterns.map((pattern) => embeddedPath(directory, pattern))),
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
    ...service.build.include.map((path) => `!${path.replace(/^\.\//, '')}`),
  ].join('\n')}\n`;
}

/** The pattern of an embedded file or folder from the root of the context; `all:` is about dotfiles, which stay out by name. */
function embeddedPath(directory: string, pattern: string): string {
  const path = pattern.replace(/^all:/, '');
  return directory === '.' ? path : `${directory}/${path}`;
}
