import type { Platform, Service } from '../catalog';
import type { ImagePlatform } from '../values';
import type { BaseChoice } from './base-choice';
import { filesDirectory } from './image-files';
import type { SourceFacts } from './source/facts';
import { type BuildLayout, hasNothingToDownload, includedPaths, isBelow } from './source/layout';
import { unwatchedPaths } from './source/unwatched-paths';
import { explainStart } from './start/explain-start';
import { explainTestRun } from './tests/explain-test-run';

/** A decision about the image, for `bowline explain service`. */
export interface Decision {
  readonly subject: string;
  readonly choice: string;
  readonly reason: string;
}

interface DecisionInputs {
  readonly platform: Platform;
  readonly service: Service;
  readonly base: BaseChoice;
  readonly facts: SourceFacts;
  readonly layout: BuildLayout;
  readonly platforms: readonly ImagePlatform[];
}

/** Explains each decision with its reason. Settings that a service does not use are not mentioned. */
export function explainDecisions(inputs: DecisionInputs): readonly Decision[] {
  const { service, base, facts, platforms } = inputs;
  const { build } = service;
  return [
    { subject: 'base', choice: base.kind + (base.runtime ? ` (${base.runtime})` : ''), reason: base.reason },
    {
      subject: 'builder',
      choice: base.builder,
      reason: build.cgo
        ? 'cgo needs a C compiler that matches the C library of the base'
        : 'the Go toolchain of the platform, which is not part of the image',
    },
    explainModules(inputs),
    ...explainContext(inputs),
    {
      subject: 'cgo',
      choice: build.cgo ? 'on' : 'off',
      reason: build.cgo
        ? 'build.cgo is true'
        : `a static binary needs no C library and runs on any base${describePureGo(facts)}`,
    },
    {
      subject: 'platforms',
      choice: platforms.join(', '),
      reason: build.platforms
        ? 'build.platforms is set'
        : build.cgo
          ? 'with cgo, each platform needs its own C compiler'
          : 'Go cross-compiles, so the second platform costs one compilation with a warm cache',
    },
    {
      subject: 'compiler',
      choice: `-trimpath -buildvcs=false${facts.module?.go === undefined ? '' : `, go ${facts.module.go} language`}`,
      reason: 'the binary contains no paths and no commit, so equal source results in an equal digest',
    },
    ...explainToolchain(inputs),
    {
      subject: 'linker',
      choice: ['-s', '-w', '-buildid=', ...build.linkFlags].join(' '),
      reason: 'no symbol table and no build ID; the build information, which SBOM tools read, is kept',
    },
    {
      subject: 'UPX',
      choice: 'off',
      reason:
        'a packed binary cannot be scanned, starts slower and shares no memory between replicas, and layers are compressed anyway',
    },
    {
      subject: 'cache',
      choice: 'a cache mount of the builder, initialized from an image in the cache repository if there is one',
      reason: 'only changed packages are compiled, even on a machine that has never built this service',
    },
    { subject: 'user', choice: '65532', reason: 'the user has no privileges in the image or on the node' },
    ...(build.binaries.length > 0
      ? [
          {
            subject: 'binaries',
            choice: build.binaries.join(', '),
            reason: 'build.binaries lists them',
          },
        ]
      : []),
    ...explainFiles(inputs),
    ...explainTriggers(inputs),
    ...explainTestRun(service),
    explainStart(service),
  ];
}

function explainModules({ service, facts, layout }: DecisionInputs): Decision {
  const { workspace, mode } = facts;
  const download = 'go mod download, then go mod verify, in a layer before the source';
  const ignored =
    workspace === undefined || layout.workspace
      ? ''
      : mode === 'vendor' && workspace.usesModule
        ? `. ${workspace.file} does not apply: set build.vendor to "never" to build in the workspace`
        : `. ${workspace.file} does not use this module, so it does not apply`;
  if (layout.vendored) {
    return {
      subject: 'modules',
      choice: `the vendor folder${layout.workspace ? ` of the workspace ${workspace?.file}` : ''}`,
      reason: `the source contains a vendor folder, so the build needs no network${ignored}`,
    };
  }
  if (hasNothingToDownload(facts, layout)) {
    return {
      subject: 'modules',
      choice: `the workspace ${workspace?.file}`,
      reason: 'its modules require no others, so the build needs no network',
    };
  }
  return {
    subject: 'modules',
    choice: layout.workspace ? `the workspace ${workspace?.file}: ${download}` : download,
    reason: `a change of the source does not download the modules again${explainPrivate(service)}${ignored}`,
  };
}

function explainPrivate({ build }: Service): string {
  const { modules } = build;
  return modules === undefined
    ? ''
    : `. ${modules.private.join(' and ')} are private: only the download sees their credential, and their layer is in no cache of the registry`;
}

function explainContext({ facts, layout }: DecisionInputs): readonly Decision[] {
  if (layout.moduleOnly) {
    return [];
  }
  const folders = facts.localModules.filter(({ needed }) => needed).map(({ directory }) => directory);
  const cause = layout.workspace
    ? `${facts.workspace?.file} leads to these modules`
    : 'go.mod or a link leads out of the folder of the module';
  return [
    {
      subject: 'context',
      choice: `of the repository: ${folders.join(', ')}`,
      reason: `${cause}, and the program imports packages of them`,
    },
  ];
}

/** Packages whose files without cgo take the place of those with cgo: they can behave differently. */
function describePureGo({ cgo }: SourceFacts): string {
  const paths = cgo.filter(({ needed }) => !needed).map(({ importPath }) => importPath);
  return paths.length === 0 ? '' : `. Without cgo, other files are compiled in ${paths.join(', ')}`;
}

function explainToolchain({ service, facts }: DecisionInputs): readonly Decision[] {
  const { experiment, fips, amd64 } = service.build;
  const toolchain = facts.module?.toolchain;
  return [
    ...(toolchain === undefined
      ? []
      : [
          {
            subject: 'toolchain',
            choice: 'the Go of the builder (GOTOOLCHAIN=local)',
            reason: `go.mod suggests ${toolchain}, but the platform determines the compiler, and nothing is downloaded`,
          },
        ]),
    ...(experiment.length === 0
      ? []
      : [
          {
            subject: 'experiment',
            choice: `GOEXPERIMENT=${[...experiment].sort().join(',')}`,
            reason: 'build.experiment lists it; Go may change or remove an experiment in any version',
          },
        ]),
    ...(fips === undefined
      ? []
      : [
          {
            subject: 'fips',
            choice: `GOFIPS140=${fips}`,
            reason:
              'build.fips is set: the program uses this version of the Go Cryptographic Module in FIPS 140-3 mode',
          },
        ]),
    ...(amd64 === undefined
      ? []
      : [
          {
            subject: 'amd64',
            choice: `GOAMD64=${amd64}`,
            reason: 'build.amd64 is set: older CPUs cannot start the program',
          },
        ]),
  ];
}

function explainFiles({ service, facts }: DecisionInputs): readonly Decision[] {
  const { files } = service.build;
  const embedded = new Set(facts.embeds.flatMap((embed) => embed.files)).size;
  const listed = facts.paths.filter(({ path }) => files.includes(path)).flatMap((entry) => entry.files).length;
  return [
    ...(embedded === 0
      ? []
      : [
          {
            subject: 'embedded',
            choice: `${embedded} ${embedded === 1 ? 'file' : 'files'} of the source`,
            reason: 'go:embed patterns of the program and of the packages that it imports match them',
          },
        ]),
    ...explainIncluded(service, facts),
    ...(files.length === 0
      ? []
      : [
          {
            subject: 'files',
            choice: `${files.join(', ')} (${listed} ${listed === 1 ? 'file' : 'files'}) in ${filesDirectory}, the working directory`,
            reason: 'build.files lists them: the program reads them at run time',
          },
        ]),
  ];
}

/** Included files that nothing embeds are easily taken for files of the image. */
function explainIncluded({ build }: Service, facts: SourceFacts): readonly Decision[] {
  const embedded = facts.embeds.flatMap(({ files }) => files);
  const unused = build.include.filter(
    (path) => !includedPaths(facts, path).some((folder) => embedded.some((file) => isBelow(file, folder))),
  );
  return unused.length === 0
    ? []
    : [
        {
          subject: 'include',
          choice: `${unused.join(', ')}: for the compiler only`,
          reason:
            'nothing embeds it, so the image does not have it: list it in build.files if the program reads it at run time',
        },
      ];
}

function explainTriggers({ platform, service, facts }: DecisionInputs): readonly Decision[] {
  const missing = unwatchedPaths(platform, service, facts);
  return missing.length === 0
    ? []
    : [
        {
          subject: 'triggers',
          choice: `commits that change only ${missing.join(', ')} release nothing`,
          reason: `the build reads them, and source.paths does not list them: add [${missing.join(', ')}]`,
        },
      ];
}
