import type { Service } from '../catalog';
import type { BaseChoice } from './base-choice';
import { compileCacheSeed, compileCacheTarget } from './compile-cache';
import { localReplacements, type SourceFacts } from './source-facts';

/** The user of every image: `nonroot` of distroless, and unprivileged everywhere. */
export const runtimeUser = 65532;

/** Linker flags of every build: no symbol table, no build id, nothing that differs between two builds of one source. */
const reproducibleLinkFlags = ['-s', '-w', '-buildid='] as const;

/** `go build` of the service: an argv, run without a shell. */
export function compileCommand(service: Service, output: string): readonly string[] {
  const { build } = service;
  return [
    'go',
    'build',
    // Names each package that is compiled, and none that the cache has: progress, and the proof of what the cache was good for.
    '-v',
    '-trimpath',
    '-buildvcs=false',
    ...(build.tags.length > 0 ? [`-tags=${[...build.tags].sort().join(',')}`] : []),
    `-ldflags=${[...reproducibleLinkFlags, ...build.linkFlags].join(' ')}`,
    '-o',
    output,
    packagePath(build.main),
  ];
}

/** `cmd/hello` and `./cmd/hello/` are one package: `./cmd/hello`. Without `./` go would look in the standard library. */
function packagePath(main: string): string {
  const path = main.replace(/^\.\//, '').replace(/\/$/, '');
  return path === '.' ? '.' : `./${path}`;
}

/**
 * The multi-stage Dockerfile of a service. Dependencies stand in a layer of their own before the source, the source is only ever mounted,
 * compilation has no network, every command is an argv, and nothing in it changes from commit to commit.
 */
export function dockerfileOf(service: Service, base: BaseChoice, facts: SourceFacts, vendored: boolean): string {
  return `${[...header(service, base), ...dependencies(base, facts, vendored), ...compile(service, vendored), ...image(service, base), ...binaries(service, vendored), ...keptCache(service)].join('\n')}\n`;
}

function header(service: Service, base: BaseChoice): readonly string[] {
  return [
    '# check=error=true',
    `# ${service.name} on ${base.kind}: ${base.because}.`,
    '# Generated: change catalog/ instead. `bowline explain` tells the reasons.',
  ];
}

function dependencies(base: BaseChoice, facts: SourceFacts, vendored: boolean): readonly string[] {
  const stage = [
    '',
    `FROM --platform=$BUILDPLATFORM scratch AS ${compileCacheSeed}`,
    '',
    `FROM --platform=$BUILDPLATFORM ${base.builder} AS dependencies`,
    'WORKDIR /source',
    'ENV GOTOOLCHAIN=local GOMODCACHE=/modules GOCACHE=/cache',
  ];
  if (vendored) {
    return stage;
  }
  const nested = localReplacements(facts.goMod)
    .map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''))
    .map((path) => `COPY ${path}/go.mod ${path}/`);
  return [
    ...stage,
    `COPY go.mod ${facts.hasGoSum ? 'go.sum ' : ''}./`,
    ...nested,
    '# A layer, not a cache mount: mounts are not exported to the registry cache (moby/buildkit#1512).',
    runArgv([], ['go', 'mod', 'download']),
    runArgv([], ['go', 'mod', 'verify']),
  ];
}

function compile(service: Service, vendored: boolean): readonly string[] {
  return [
    '',
    'FROM dependencies AS compile',
    runArgv([], ['mkdir', '-p', '-m', '1777', '/out/root/tmp']),
    'ARG TARGETOS TARGETARCH',
    `ENV GOOS=$TARGETOS GOARCH=$TARGETARCH CGO_ENABLED=${service.build.cgo ? 1 : 0} GOFLAGS=-mod=${vendored ? 'vendor' : 'readonly'}`,
    runArgv(compileMounts(service), compileCommand(service, `/out/root/${service.name}`)),
  ];
}

function compileMounts(service: Service): readonly string[] {
  return ['--network=none', '--mount=type=bind,target=/source', cacheMount(service)];
}

/** A build on a machine that knows nothing begins with what the seed holds; one on a machine that has built before goes on from there. */
function cacheMount(service: Service): string {
  return `--mount=type=cache,id=go-build-${service.name},from=${compileCacheSeed},target=/cache`;
}

function image(service: Service, base: BaseChoice): readonly string[] {
  const donated = [
    ...(service.build.certificates ? ['COPY --from=donor /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/'] : []),
    ...(service.build.timeZones ? ['COPY --from=donor /usr/share/zoneinfo /usr/share/zoneinfo'] : []),
    'COPY --from=donor /etc/passwd /etc/group /etc/',
  ];
  return [
    ...(base.kind === 'scratch' ? ['', `FROM --platform=$BUILDPLATFORM ${base.donor} AS donor`] : []),
    '',
    `FROM ${base.runtime ?? 'scratch'} AS image`,
    ...(base.kind === 'scratch' ? donated : []),
    'COPY --link --from=compile /out/root/ /',
    `USER ${runtimeUser}:${runtimeUser}`,
    `ENTRYPOINT ${JSON.stringify([`/${service.name}`])}`,
  ];
}

function binaries(service: Service, vendored: boolean): readonly string[] {
  const targets = service.build.binaries;
  if (targets.length === 0) {
    return [];
  }
  const stages = targets.flatMap((platform) => {
    const [os = '', architecture = ''] = platform.split('/');
    return [
      '',
      `FROM dependencies AS binary-${os}-${architecture}`,
      `ENV GOOS=${os} GOARCH=${architecture} CGO_ENABLED=0 GOFLAGS=-mod=${vendored ? 'vendor' : 'readonly'}`,
      runArgv(compileMounts(service), compileCommand(service, `/out/${binaryFileName(service, platform)}`)),
    ];
  });
  return [
    ...stages,
    '',
    'FROM scratch AS binaries',
    ...targets.map((platform) => `COPY --from=binary-${platform.replace('/', '-')} /out/ /`),
  ];
}

/** The cache as it is after the other targets: a mount is part of no image, so its files are copied into one. */
function keptCache(service: Service): readonly string[] {
  return [
    '',
    'FROM compile AS compiled',
    runArgv(['--network=none', cacheMount(service)], ['cp', '-a', '/cache/.', '/kept']),
    '',
    `FROM scratch AS ${compileCacheTarget}`,
    'COPY --link --from=compiled /kept/ /',
  ];
}

/** `hello-windows-amd64.exe`: how a plain binary is called. */
export function binaryFileName(service: Service, platform: string): string {
  return `${service.name}-${platform.replace('/', '-')}${platform.startsWith('windows/') ? '.exe' : ''}`;
}

/** RUN in its exec form: BuildKit starts the program itself, no shell reads the words. */
function runArgv(options: readonly string[], argv: readonly string[]): string {
  return ['RUN', ...options, JSON.stringify(argv).replaceAll('","', '", "')].join(' ');
}
