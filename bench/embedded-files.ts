/**
 * Builds public Go programs that embed files twice: from the whole module, and from the build context that Bowline would send to a builder.
 * The programs must be equal, byte for byte, and the embedded files must be those that `go list` names.
 *   node tools/ensure.mjs --for bench && npx tsx bench/embedded-files.ts [--list] [<part of a module path> …]
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog, requireService, type Service } from '../lib/catalog';
import { createImageRecipe } from '../lib/image';
import { mustRun } from '../lib/process';
import { readSource, silentReporter, withBuildkit } from '../lib/steps';
import { toolPath } from '../lib/tools';
import { digestOf, shortDigest } from '../lib/values';
import { markdownTable } from './table';

const root = join(__dirname, '..');
/** With --list, nothing is compiled: the lists of embedded files alone are compared. */
const compiles = !process.argv.includes('--list');

/** Modules with embedded files of different kinds: pages, templates, configuration, keys by name. */
const programs = [
  { module: 'github.com/google/pprof@v0.0.0-20261105003125-4bf881d7fb0b', main: '.' },
  { module: 'golang.org/x/tools@v0.52.0', main: './cmd/present' },
  { module: 'golang.org/x/pkgsite@v0.6.0', main: './cmd/pkgsite' },
  { module: 'github.com/oapi-codegen/oapi-codegen/v2@v2.8.2', main: './cmd/oapi-codegen' },
  { module: 'github.com/99designs/gqlgen@v0.17.98', main: '.' },
  { module: 'entgo.io/ent@v0.14.5', main: './cmd/ent' },
  { module: 'github.com/go-swagger/go-swagger@v0.36.7', main: './cmd/swagger' },
  { module: 'github.com/a-h/templ@v0.3.1118', main: './cmd/templ' },
  { module: 'github.com/evilmartians/lefthook@v1.13.6', main: '.' },
  { module: 'github.com/zricethezav/gitleaks/v8@v8.30.1', main: '.' },
  { module: 'github.com/vektra/mockery/v3@v3.9.1', main: '.' },
] as const;

interface Row {
  readonly module: string;
  readonly main: string;
  readonly embedded: number;
  readonly files: string;
  readonly digest: string;
  readonly equal: string;
}

async function measure(module: string, main: string, buildkit: string, scratch: string): Promise<Row> {
  const { Dir: cached } = JSON.parse(
    execFileSync('go', ['mod', 'download', '-json', module], { cwd: scratch, encoding: 'utf8' }),
  );
  const source = join(scratch, 'source');
  cpSync(cached, source, { recursive: true, verbatimSymlinks: true });
  makeWritable(source);
  // The zip of a module contains none of the other modules that its go.work uses.
  rmSync(join(source, 'go.work'), { force: true });
  const example = loadCatalog(join(root, 'catalog'));
  const hello = requireService(example, 'hello');
  const service: Service = {
    ...hello,
    source: { ...hello.source, directory: '.', paths: [] },
    build: { ...hello.build, main, platforms: ['linux/amd64'], include: [], files: [] },
  };
  const facts = await readSource(source, service);
  const recipe = createImageRecipe(example.platform, service, facts);
  const context = join(scratch, 'context');
  await exportContext(buildkit, source, recipe.dockerignore, context, scratch);

  const ours = sortedSet(facts.embeds.flatMap(({ files }) => files));
  const [theirs, inContext] = [source, context].map((directory) => listEmbedded(directory, main));
  const sameFiles = [theirs, inContext].every((list) => JSON.stringify(list) === JSON.stringify(ours));
  const [full, pruned] = compiles ? [source, context].map((directory) => compile(directory, main, scratch)) : [];
  return {
    module,
    main,
    embedded: ours.length,
    files: sameFiles ? 'equal' : 'DIFFERENT',
    digest: pruned === undefined ? '' : shortDigest(pruned),
    equal: pruned === undefined ? 'not compiled' : full === pruned ? 'equal' : 'DIFFERENT',
  };
}

const environment = {
  ...process.env,
  CGO_ENABLED: '0',
  GOOS: 'linux',
  GOARCH: 'amd64',
  GOFLAGS: '-mod=readonly',
  GOWORK: 'off',
  GOTOOLCHAIN: 'local',
};

/** The embedded files of the module's own packages that the program imports, as the go command resolves them. */
function listEmbedded(directory: string, main: string): readonly string[] {
  const format =
    '{{$p := .}}{{if .Module}}{{if .Module.Main}}{{range .EmbedFiles}}{{$p.Dir}}/{{.}}\n{{end}}{{end}}{{end}}';
  const list = execFileSync('go', ['list', '-deps', '-f', format, main], {
    cwd: directory,
    encoding: 'utf8',
    env: environment,
    maxBuffer: 1 << 28,
  });
  const files = list.split('\n').filter((line) => line !== '');
  return sortedSet(files.map((line) => line.slice(directory.length + 1)));
}

function compile(directory: string, main: string, scratch: string) {
  const output = join(scratch, 'program');
  execFileSync('go', ['build', '-trimpath', '-buildvcs=false', '-ldflags=-s -w -buildid=', '-o', output, main], {
    cwd: directory,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return digestOf(readFileSync(output));
}

/** Writes the files that the allow-list lets into a build context, as BuildKit selects them. */
async function exportContext(
  buildkit: string,
  source: string,
  dockerignore: string,
  context: string,
  scratch: string,
): Promise<void> {
  const dockerfiles = join(scratch, 'dockerfile');
  mkdirSync(dockerfiles, { recursive: true });
  writeFileSync(join(dockerfiles, 'Dockerfile'), 'FROM scratch\nCOPY . /\n');
  writeFileSync(join(dockerfiles, 'Dockerfile.dockerignore'), dockerignore);
  await mustRun({
    program: toolPath('buildctl'),
    arguments: [
      ...['--addr', buildkit, 'build', '--frontend', 'dockerfile.v0'],
      ...['--local', `context=${source}`, '--local', `dockerfile=${dockerfiles}`],
      ...['--output', `type=local,dest=${context}`],
    ],
    timeoutSeconds: 300,
  });
}

/** The module cache is read-only. */
function makeWritable(directory: string): void {
  chmodSync(directory, 0o755);
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
  }
}

function sortedSet(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

async function main(): Promise<void> {
  const rows: Row[] = [];
  await withBuildkit(process.env.BUILDKIT, silentReporter, async (buildkit) => {
    const wanted = process.argv.slice(2).filter((word) => word !== '--list');
    const chosen = programs.filter(({ module }) => wanted.length === 0 || wanted.some((part) => module.includes(part)));
    for (const { module, main: program } of chosen) {
      const scratch = mkdtempSync(join(tmpdir(), 'bowline-embedded-'));
      try {
        rows.push(await measure(module, program, buildkit, scratch));
      } catch (error) {
        rows.push({
          module,
          main: program,
          embedded: 0,
          files: '',
          digest: '',
          equal: (error as Error).message.slice(0, 300),
        });
      } finally {
        rmSync(scratch, { recursive: true, force: true });
      }
      process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
    }
  });
  process.stdout.write(
    markdownTable(
      ['Module', 'Main package', 'Embedded files', 'List of go list', 'Program', 'sha256'],
      rows.map(({ module, main: program, embedded, files, equal, digest }) => [
        module,
        program,
        `${embedded}`,
        files,
        equal,
        digest,
      ]),
    ),
  );
  process.exitCode = rows.every(({ files, equal }) => files === 'equal' && equal !== 'DIFFERENT') ? 0 : 1;
}

void main();
