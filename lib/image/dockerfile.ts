import type { Service } from '../catalog';
import type { BaseChoice } from './base-choice';
import { compileCacheSeed, compileCacheTarget } from './compile-cache';
import { renderImageFiles } from './image-files';
import { renderModuleDownload } from './private-modules';
import { runArgv } from './run-argv';
import type { SourceFacts } from './source/facts';
import { type BuildLayout, hasNothingToDownload, joinPaths, normalizePath, pathBelow } from './source/layout';

export interface DockerfileInputs {
  readonly service: Service;
  readonly base: BaseChoice;
  readonly facts: SourceFacts;
  readonly layout: BuildLayout;
}

/** The user of every image: `nonroot` of distroless, unprivileged on every base. */
export const runtimeUser = 65532;

/** The linker flags of every build: no symbol table and no build ID, so that equal source results in equal binaries. */
const reproducibleLinkFlags = ['-s', '-w', '-buildid='] as const;

/** The `go build` command of a service as an argv, run without a shell. */
export function compileCommand(service: Service, output: string): readonly string[] {
  const { build } = service;
  return [
    'go',
    'build',
    // Prints the packages that are compiled rather than read from the cache: progress, and evidence of the effect of the cache.
    '-v',
    '-trimpath',
    '-buildvcs=false',
    ...(build.tags.length > 0 ? [`-tags=${[...build.tags].sort().join(',')}`] : []),
    `-ldflags=${[...reproducibleLinkFlags, ...build.linkFlags].join(' ')}`,
    '-o',
    output,
    toPackagePath(build.main),
  ];
}

/** `./cmd/hello`. Without `./`, Go searches the standard library. */
export function toPackagePath(main: string): string {
  const path = normalizePath(main);
  return path === '.' ? '.' : `./${path}`;
}

/**
 * Renders the multi-stage Dockerfile of a service. Dependencies have their own layer, the source is mounted and never copied, compilation has
 * no network access, every command is an argv, and the content does not depend on the commit.
 */
export function renderDockerfile(inputs: DockerfileInputs): string {
  const { service, base, layout } = inputs;
  const lines = [
    ...renderHeader(service, base),
    ...renderDependencies(inputs),
    ...renderCompile(service, layout),
    ...renderImage(inputs),
    ...renderBinaries(service, layout),
    ...renderCacheExport(service),
  ];
  return `${lines.join('\n')}\n`;
}

function renderHeader(service: Service, base: BaseChoice): readonly string[] {
  return [
    '# check=error=true',
    `# ${service.name} on ${base.kind}: ${base.reason}.`,
    '# Generated from catalog/. Do not edit. `bowline explain service` shows the reasons.',
  ];
}

function renderDependencies({ service, base, facts, layout }: DockerfileInputs): readonly string[] {
  const { vendored, module } = layout;
  return [
    '',
    `FROM --platform=$BUILDPLATFORM scratch AS ${compileCacheSeed}`,
    '',
    `FROM --platform=$BUILDPLATFORM ${base.builder} AS dependencies`,
    'WORKDIR /source',
    `ENV GOTOOLCHAIN=local GOMODCACHE=/modules GOCACHE=/cache${workspaceVariable(facts, layout)}`,
    ...(vendored ? [] : copyModuleFiles(facts, layout)),
    // The go command runs in the folder of the module, as on a machine of a developer.
    ...(module === '.' ? [] : [`WORKDIR /source/${module}`]),
    ...(vendored || hasNothingToDownload(facts, layout)
      ? []
      : [
          '# A layer, not a cache mount: mounts are not exported to the registry cache (moby/buildkit#1512).',
          ...renderModuleDownload(service.build.modules),
        ]),
  ];
}

/** Without a go.work in the source, the variable is not needed. */
function workspaceVariable({ workspace }: SourceFacts, layout: BuildLayout): string {
  if (workspace === undefined) {
    return '';
  }
  return layout.workspace ? ` GOWORK=/source/${workspace.file}` : ' GOWORK=off';
}

/** Copies what `go mod download` reads: go.mod and go.sum of the module and of other modules in the repository, and go.work. */
function copyModuleFiles({ localModules, workspace }: SourceFacts, layout: BuildLayout): readonly string[] {
  const copies = localModules.map(({ directory, kind, hasSum }) => {
    const folder = pathBelow(layout.root, directory);
    const files = ['go.mod', ...(hasSum && kind !== 'replacement' ? ['go.sum'] : [])];
    return `COPY ${files.map((file) => joinPaths(folder, file)).join(' ')} ${folder === '.' ? './' : `${folder}/`}`;
  });
  if (!layout.workspace || workspace === undefined) {
    return copies;
  }
  const { file, hasSum, directory } = workspace;
  return [`COPY ${file}${hasSum ? ` ${file}.sum` : ''} ${directory === '.' ? './' : `${directory}/`}`, ...copies];
}

function renderCompile(service: Service, layout: BuildLayout): readonly string[] {
  return [
    '',
    'FROM dependencies AS compile',
    runArgv([], ['mkdir', '-p', '-m', '1777', '/out/root/tmp']),
    'ARG TARGETOS TARGETARCH',
    `ENV GOOS=$TARGETOS GOARCH=$TARGETARCH ${goVariables(service, layout, service.build.cgo)}`,
    runArgv(compileMounts(service), compileCommand(service, `/out/root/${service.name}`)),
  ];
}

export function goVariables({ build }: Service, { vendored }: BuildLayout, cgo: boolean): string {
  return [
    `CGO_ENABLED=${cgo ? 1 : 0}`,
    `GOFLAGS=-mod=${vendored ? 'vendor' : 'readonly'}`,
    ...Object.entries(toolchainVariables(build)).map(([name, value]) => `${name}=${value}`),
  ].join(' ');
}

/** The settings of the toolchain that go.mod cannot have (https://pkg.go.dev/cmd/go#hdr-Environment_variables). */
export function toolchainVariables({
  experiment,
  fips,
  amd64,
}: Pick<Service['build'], 'experiment' | 'fips' | 'amd64'>): Readonly<Record<string, string>> {
  return {
    ...(experiment.length > 0 ? { GOEXPERIMENT: [...experiment].sort().join(',') } : {}),
    ...(fips === undefined ? {} : { GOFIPS140: fips }),
    ...(amd64 === undefined ? {} : { GOAMD64: amd64 }),
  };
}

function compileMounts(service: Service): readonly string[] {
  return ['--network=none', '--mount=type=bind,target=/source', cacheMount(service)];
}

/** The first build on a machine starts with the content of the seed image. Later builds reuse the mount. */
function cacheMount(service: Service): string {
  return `--mount=type=cache,id=go-build-${service.name},from=${compileCacheSeed},target=/cache`;
}

function renderImage({ service, base, layout }: DockerfileInputs): readonly string[] {
  const scratchFiles = [
    ...(service.build.certificates ? ['COPY --from=donor /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/'] : []),
    ...(service.build.timeZones ? ['COPY --from=donor /usr/share/zoneinfo /usr/share/zoneinfo'] : []),
    'COPY --from=donor /etc/passwd /etc/group /etc/',
  ];
  return [
    ...(base.kind === 'scratch' ? ['', `FROM --platform=$BUILDPLATFORM ${base.donor} AS donor`] : []),
    '',
    `FROM ${base.runtime ?? 'scratch'} AS image`,
    ...(base.kind === 'scratch' ? scratchFiles : []),
    'COPY --link --from=compile /out/root/ /',
    ...renderImageFiles(service, layout),
    `USER ${runtimeUser}:${runtimeUser}`,
    `ENTRYPOINT ${JSON.stringify([`/${service.name}`])}`,
  ];
}

function renderBinaries(service: Service, layout: BuildLayout): readonly string[] {
  const targets = service.build.binaries;
  if (targets.length === 0) {
    return [];
  }
  const stages = targets.flatMap((platform) => {
    const [os = '', architecture = ''] = platform.split('/');
    return [
      '',
      `FROM dependencies AS binary-${os}-${architecture}`,
      `ENV GOOS=${os} GOARCH=${architecture} ${goVariables(service, layout, false)}`,
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

/** Copies the compile cache into an image after the other targets are built, because a mount is not part of an image. */
function renderCacheExport(service: Service): readonly string[] {
  return [
    '',
    'FROM compile AS compiled',
    runArgv(['--network=none', cacheMount(service)], ['cp', '-a', '/cache/.', '/kept']),
    '',
    `FROM scratch AS ${compileCacheTarget}`,
    'COPY --link --from=compiled /kept/ /',
  ];
}

/** The file name of a plain binary, such as `hello-windows-amd64.exe`. */
export function binaryFileName(service: Service, platform: string): string {
  return `${service.name}-${platform.replace('/', '-')}${platform.startsWith('windows/') ? '.exe' : ''}`;
}
