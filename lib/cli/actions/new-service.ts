import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import {
  type Catalog,
  type CatalogFile,
  type CatalogProblem,
  type CatalogResult,
  describeProblem,
  parseCatalog,
  readCatalogFiles,
  readServiceName,
  requireCatalog,
} from '../../catalog';
import { badInput } from '../../errors';
import { findRolloutProblems, planRollouts } from '../../rollout';
import {
  fillTemplate,
  type PreparedFolder,
  packagePath,
  prepareFolder,
  readServiceTemplate,
  readTemplate,
} from '../../scaffold';
import { quoteWord } from '../quote-word';
import { painter } from '../terminal';

/** Options of `bowline new service`. */
export interface NewServiceOptions {
  readonly json: boolean;
  readonly catalog: string;
  readonly team?: string;
  readonly repository?: string;
  readonly requestsPerSecond: string;
  readonly code?: string;
  readonly module?: string;
  readonly from?: string;
  readonly main?: string;
  /** With `from`: start the image. False with `--no-start`. */
  readonly start: boolean;
}

interface NewServiceResult {
  readonly ok: true;
  readonly service: string;
  readonly file: string;
  readonly code?: string;
  readonly module?: string;
}

/** `bowline new service`. Writes nothing where it throws. @throws BowlineError `input`, CatalogError */
export function runNewService(name: string | undefined, options: NewServiceOptions): void {
  if (name === undefined) {
    throw badInput('input', 'bowline new service needs a name, or --from with the checkout of a service');
  }
  if (options.main !== undefined) {
    throw badInput('input', '--main chooses a program of the checkout that --from names: use it with --from');
  }
  const file = join(options.catalog, 'services', `${name}.yaml`);
  const { text, repository, platform } = checkedServiceFile(name, file, options);
  const module = options.module ?? `github.com/${repository}`;
  if (!/^[a-z0-9](?:[A-Za-z0-9.-]*)(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(module)) {
    throw badInput(
      'input',
      `--module must be a Go module path such as github.com/acme/orders, got: ${JSON.stringify(module)}`,
    );
  }
  let code: PreparedFolder | undefined;
  if (options.code !== undefined) {
    const values = { SERVICE: { text: name }, MODULE: { text: module }, PLATFORM: { text: platform } };
    code = prepareFolder(options.code, fillTemplate(readServiceTemplate(), values).files);
  }
  try {
    createFile(file, text);
  } catch (error) {
    code?.discard();
    throw error;
  }
  try {
    code?.commit();
  } catch (error) {
    rmSync(file);
    code?.discard();
    throw error;
  }
  const result: NewServiceResult = {
    ok: true,
    service: name,
    file,
    ...(options.code === undefined ? {} : { code: resolve(options.code), module }),
  };
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.stderr.write(nextSteps(result, options.catalog));
}

/** The text of the service's file. @throws CatalogError where the catalog would not pass its check with it */
function checkedServiceFile(
  name: string,
  file: string,
  options: NewServiceOptions,
): { readonly text: string; readonly repository: string; readonly platform: string } {
  const existing = readCatalogFiles(options.catalog);
  const same = existing.services.find((service) => readServiceName(service) === name);
  if (same !== undefined || existsSync(file)) {
    throw badInput('input', `the catalog already has a service ${name}, in ${same?.file ?? file}: nothing was written`);
  }
  const { name: platform } = requirePlatform(existing);
  const repository = options.repository ?? `${platform}/${name}`;
  const values = {
    SERVICE: { text: name },
    TEAM: { text: options.team ?? platform },
    REPOSITORY: { text: repository },
    REQUESTS: { text: options.requestsPerSecond },
    SCHEMA: { text: schemaPathFor(options.catalog) },
  };
  const text = fillTemplate(readTemplate('catalog'), values).files.get('service.yaml') ?? '';
  const added = { file, text };
  requireAdded(added, existing);
  return { text, repository, platform };
}

type CatalogFiles = ReturnType<typeof readCatalogFiles>;

/** The platform that a new service joins. @throws CatalogError that contains the problems of platform.yaml */
export function requirePlatform({ platform }: CatalogFiles): Catalog['platform'] {
  return requireCatalog(platform, []).platform;
}

/**
 * A new file has to pass the checks with the rest of the catalog. Problems of other files, such as the open lines of a service that is adopted too,
 * stay what `check catalog` reports.
 * @throws BowlineError `input` that says what the new file breaks
 */
export function requireAdded(added: CatalogFile, { platform, services, risks }: CatalogFiles): Catalog {
  const before = problemsOf(parseCatalog(platform, services, risks)).map(describeProblem);
  const together = problemsOf(parseCatalog(platform, [...services, added], risks));
  const own = together.filter((problem) => !before.includes(describeProblem(problem)));
  const alone = parseCatalog(platform, [added]);
  const problems = own.length > 0 || !alone.ok ? own : findRolloutProblems(planRollouts(alone.catalog), [added]);
  if (problems.length > 0 || !alone.ok) {
    const list = problems.map((problem) => `  ${describeAdded(problem, added)}`);
    throw badInput(
      'catalog',
      `the new service does not fit into the catalog, nothing was written:\n${list.join('\n')}`,
    );
  }
  return alone.catalog;
}

function problemsOf(result: CatalogResult): readonly CatalogProblem[] {
  return result.ok ? [] : result.problems;
}

/** The file does not exist, so a line of it says nothing. */
function describeAdded(problem: CatalogProblem, { file }: CatalogFile): string {
  const place = `${file}:${problem.line}:${problem.column}`;
  const text = describeProblem(problem);
  return problem.file === file ? text.slice(place.length + 1) : text;
}

/** The option --catalog for a command that a user copies. Nothing for the default. */
export function catalogOption(catalog: string): string {
  return catalog === 'catalog' ? '' : ` --catalog ${quoteWord(catalog)}`;
}

/** Path of the JSON Schema for editors: this checkout's for a catalog inside it, else the installed package's. */
export function schemaPathFor(catalog: string): string {
  const own = packagePath(join('schemas', 'service.schema.json'));
  const services = resolve(catalog, 'services');
  return existsSync(own) && services.startsWith(`${dirname(dirname(own))}/`)
    ? relative(services, own)
    : '../../node_modules/bowline/schemas/service.schema.json';
}

/** Creates a file whole or not at all. @throws where it exists */
export function createFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.part`;
  writeFileSync(beside, text);
  try {
    // A link fails where a rename would overwrite.
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw badInput('input', `${file} already exists: nothing was written`);
    }
    throw error;
  } finally {
    rmSync(beside);
  }
}

function nextSteps({ service, file, code, module }: NewServiceResult, catalog: string): string {
  const paint = painter(process.stderr);
  const option = catalogOption(catalog);
  const folder = code === undefined ? undefined : quoteWord(relative(process.cwd(), code) || '.');
  return [
    paint('bold', `${file}: the service ${service}`),
    ...(folder === undefined ? [] : [`${folder}: its source, the Go module ${module}`]),
    '',
    `  ${`npx bowline explain rollout ${service}${option}`.padEnd(48)} how fast a bad release is rolled back`,
    ...(folder === undefined
      ? []
      : [
          `  ${`(cd ${folder} && go test ./...)`.padEnd(48)} its tests`,
          `  ${`npx bowline run ${service} --source ${folder}${option}`.padEnd(48)} release it on this machine`,
        ]),
    `  npm run synth${' '.repeat(36)}its pipeline and manifests`,
    `  ${'npm run publish-catalog && npm run deploy'.padEnd(48)} after the review: its pipeline starts at once, and needs the service in the ledger`,
    '',
  ].join('\n');
}
