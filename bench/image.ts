/**
 * Measures image size and build time of the example service: Bowline, a two-stage Dockerfile on three bases, a one-stage Dockerfile, and ko.
 *   node tools/ensure.mjs --for bench && npx tsx bench/image.ts
 * All build one platform with the same builder, one BuildKit and gzip layers. A cold build follows `buildctl prune --all`: base images are in
 * the registry, modules are downloaded. ko compiles outside of BuildKit, so its Go caches are deleted instead.
 */
import { appendFileSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog, requireService } from '../lib/catalog';
import { ensureLocalBaseImages } from '../lib/local/base-images/ensure-base-images';
import { startLocalServices } from '../lib/local/services/services';
import { mustRun } from '../lib/process';
import { build, compressedSize, silentReporter } from '../lib/steps';
import { cacheDirectory, toolPath } from '../lib/tools';
import { branchRef, commitSha, digest, imageRepository } from '../lib/values';
import { cpuSeconds } from './cpu';
import { debianBase } from './debian-base';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const phases = ['cold', 'unchanged', 'one line edited'] as const;

interface Measure {
  readonly wall: number;
  readonly cpu: number;
}

interface Candidate {
  readonly name: string;
  /** Builds and pushes the source. Returns the digest of the image of the platform. */
  readonly build: (source: string) => Promise<string>;
  readonly repository: string;
  /** Deletes the caches for a cold build. */
  readonly deleteCaches: () => Promise<void>;
}

async function main(): Promise<void> {
  const stateDirectory = join(cacheDirectory(), 'bench-state');
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-bench-'));
  const services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
  try {
    const { registry, buildkit } = services;
    const printProgress = (text: string) => process.stderr.write(`${text}\n`);
    const bases = await ensureLocalBaseImages(['builder', 'static', 'alpine'], {
      registry,
      stateDirectory,
      progress: printProgress,
    });
    const debian = await debianBase(registry, scratch);
    const { platform, services: all } = loadCatalog(join(root, 'catalog'));
    const hello = requireService({ platform, services: all }, 'hello');
    const service = { ...hello, build: { ...hello.build, platforms: ['linux/amd64' as const] } };
    const prune = async () => {
      await mustRun({
        program: toolPath('buildctl'),
        arguments: ['--addr', buildkit, 'prune', '--all'],
        timeoutSeconds: 120,
      });
    };
    const buildctl = (name: string, dockerfile: string): Candidate => {
      const repository = `${registry}/bench/${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`;
      const folder = join(scratch, name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'Dockerfile'), dockerfile);
      return {
        name,
        repository,
        deleteCaches: prune,
        build: async (source) => {
          const metadata = join(folder, 'metadata.json');
          await mustRun({
            program: toolPath('buildctl'),
            arguments: [
              ...['--addr', buildkit, 'build', '--frontend', 'dockerfile.v0'],
              ...['--local', `context=${source}`, '--local', `dockerfile=${folder}`, '--opt', 'platform=linux/amd64'],
              ...['--allow', 'network.host', '--opt', 'force-network-mode=host'],
              '--output',
              `type=image,name=${repository},push=true,push-by-digest=true,name-canonical=true,oci-mediatypes=true,compression=gzip,registry.insecure=true`,
              ...['--metadata-file', metadata],
            ],
            timeoutSeconds: 900,
          });
          return (JSON.parse(readFileSync(metadata, 'utf8')) as { 'containerimage.digest': string })[
            'containerimage.digest'
          ];
        },
      };
    };
    const twoStages = (base: string) => twoStageDockerfile(bases.builder as string, base);
    const goCache = join(scratch, 'go-build');
    const candidates: readonly Candidate[] = [
      {
        name: 'Bowline (scratch)',
        repository: `${registry}/bench/bowline`,
        deleteCaches: prune,
        build: async (source) => {
          const built = await build({
            platform: { ...platform, bases: { ...platform.bases, ...bases } },
            service,
            source,
            commit: commitSha('0'.repeat(40)),
            ref: branchRef('main'),
            repository: imageRepository(`${registry}/bench/bowline`),
            buildkit,
            hostNetwork: true,
            binariesDirectory: join(scratch, 'binaries'),
            reporter: silentReporter,
          });
          return built.image.platforms['linux/amd64'] as string;
        },
      },
      buildctl('two stages on distroless', twoStages(bases.static as string)),
      buildctl('two stages on alpine', twoStages(bases.alpine as string)),
      buildctl('two stages on Debian', twoStages(debian)),
      buildctl('one stage', oneStageDockerfile(bases.builder as string)),
      {
        name: 'ko on distroless',
        repository: `${registry}/bench/ko`,
        deleteCaches: async () => {
          rmSync(goCache, { recursive: true, force: true });
          await mustRun({
            program: 'chmod',
            arguments: ['-R', 'u+w', join(scratch, 'modules')],
            timeoutSeconds: 60,
          }).catch(() => undefined);
          rmSync(join(scratch, 'modules'), { recursive: true, force: true });
        },
        build: async (source) => {
          const { stdout } = await mustRun({
            program: toolPath('ko'),
            arguments: [
              'build',
              '--bare',
              '--insecure-registry',
              '--sbom=none',
              '--platform=linux/amd64',
              './cmd/hello',
            ],
            directory: source,
            environment: {
              KO_DOCKER_REPO: `${registry}/bench/ko`,
              KO_DEFAULTBASEIMAGE: bases.static,
              GOCACHE: goCache,
              GOMODCACHE: join(scratch, 'modules'),
              GOFLAGS: '-trimpath',
            },
            timeoutSeconds: 900,
          });
          return stdout.trim().split('@')[1] ?? '';
        },
      },
    ];
    const only = process.argv[2];
    const rows: string[][] = [];
    let baseline: readonly Measure[] | undefined;
    let baselineSize = 0;
    for (const candidate of candidates.filter(({ name }) => only === undefined || name.includes(only))) {
      const source = join(scratch, 'source');
      rmSync(source, { recursive: true, force: true });
      cpSync(join(root, 'examples', 'hello'), source, { recursive: true });
      await candidate.deleteCaches();
      const measures: Measure[] = [];
      let image = '';
      for (const phase of phases) {
        if (phase === 'one line edited') {
          appendFileSync(join(source, 'cmd', 'hello', 'main.go'), '\nfunc init() { println("edited") }\n');
        }
        // All programs of a build are descendants of this process: BuildKit, its containers, the registry, the tools.
        const before = cpuSeconds(process.pid);
        const started = process.hrtime.bigint();
        image = await candidate.build(source);
        measures.push({ wall: Number(process.hrtime.bigint() - started) / 1e9, cpu: cpuSeconds(process.pid) - before });
        printProgress(
          `${candidate.name}, ${phase}: ${measures.at(-1)?.wall.toFixed(1)} s, ${measures.at(-1)?.cpu.toFixed(1)} CPU s`,
        );
      }
      const size = await compressedSize(imageRepository(candidate.repository), digest(image));
      baseline ??= measures;
      baselineSize ||= size;
      const reference = baseline;
      rows.push([
        candidate.name,
        `${(size / 1e6).toFixed(1)} MB`,
        `${(size / baselineSize).toFixed(1)}`,
        ...measures.flatMap(({ wall, cpu }, index) => [
          `${wall.toFixed(1)} s`,
          `${cpu.toFixed(1)} s`,
          `${(wall / (reference[index]?.wall ?? wall)).toFixed(1)}`,
        ]),
      ]);
    }
    process.stdout.write(
      markdownTable(['Build', 'pulled', 'ratio', ...phases.flatMap((phase) => [phase, 'CPU', 'ratio'])], rows),
    );
  } finally {
    await services.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A common Dockerfile: download the modules, compile the source, copy the program into a small stage. */
function twoStageDockerfile(builder: string, base: string): string {
  return `FROM ${builder} AS builder
WORKDIR /app
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 GOOS=linux go build -ldflags="-s -w" -o /hello ./cmd/hello
FROM ${base}
COPY --from=builder /hello /hello
ENTRYPOINT ["/hello"]
`;
}

function oneStageDockerfile(builder: string): string {
  return `FROM ${builder}
WORKDIR /app
COPY . .
RUN CGO_ENABLED=0 go build -o /hello ./cmd/hello
ENTRYPOINT ["/hello"]
`;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
