import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, parseCatalog } from '../../lib/catalog';
import { bowlineApp, type PlatformProps, type PullRequests } from '../../lib/pipeline';

const root = join(__dirname, '..', '..');
export const program = join(__dirname, 'testdata', 'program');
export const exampleCatalog = join(root, 'catalog');

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Assembly {
  readonly directory: string;
  /** Templates by stack name. */
  readonly templates: ReadonlyMap<string, { readonly Resources: Readonly<Record<string, Resource>> }>;
}

/** Pull request builds for some authors (by default, the account ID 1), with a separate connection. */
export function pullRequestsOf(...actors: readonly string[]): PullRequests {
  return {
    actors: actors.length === 0 ? ['1'] : actors,
    connection: 'arn:aws:codeconnections:eu-west-1:111111111111:connection/00000000-1111-2222-3333-444444444444',
  };
}

/** The feature flags of a deployment. */
export function featureFlags(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;
}

const directories: string[] = [];
// In the file that imports this one. Jest gives tests an object of their own as `process`, whose exit nobody announces.
afterAll(() => {
  for (const directory of directories.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
});

/** Creates a folder for an assembly. It is removed after the tests of the file. */
export function assemblyDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-assembly-'));
  directories.push(directory);
  return directory;
}

/** Synthesizes a catalog (by default, the example) into a new folder, with the feature flags of cdk.json. */
export function synthesize(props: Partial<PlatformProps> = {}): Assembly {
  const outdir = assemblyDirectory();
  const assembly = bowlineApp({
    catalog: exampleCatalog,
    program,
    ...props,
    app: { outdir, context: featureFlags() },
  }).synth();
  return {
    directory: assembly.directory,
    templates: new Map(assembly.stacks.map((stack) => [stack.stackName, stack.template])),
  };
}

/** Parses a catalog from texts. Missing texts come from the example. */
export function catalogOf(texts: { readonly platform?: string; readonly services?: readonly string[] }): Catalog {
  const platform = texts.platform ?? readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
  const services = texts.services ?? [readFileSync(join(exampleCatalog, 'services', 'hello.yaml'), 'utf8')];
  const result = parseCatalog(
    { file: 'platform.yaml', text: platform },
    services.map((text, index) => ({ file: `service-${index}.yaml`, text })),
  );
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.catalog;
}

/** Lists every resource of a type, in all stacks. */
export function resourcesOf(assembly: Assembly, type: string): readonly Resource[] {
  return [...assembly.templates.values()]
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter((resource) => resource.Type === type);
}

/** The release pipeline of a service. */
export function releasePipelineOf(assembly: Assembly, service = 'hello'): Resource {
  const name = `acme-${service}`;
  const found = resourcesOf(assembly, 'AWS::CodePipeline::Pipeline').find(({ Properties }) => Properties.Name === name);
  if (found === undefined) {
    throw new Error(`no pipeline has the name ${name}`);
  }
  return found;
}

/** Maps the path of every file of an assembly, relative to its folder, to its sha256. */
export function filesOf(directory: string): ReadonlyMap<string, string> {
  return new Map(
    readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter(existsSync)
      .map((path) => [path.slice(directory.length + 1), createHash('sha256').update(readFileSync(path)).digest('hex')]),
  );
}
