import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CatalogError, readCatalogFiles, readServiceName, requireCatalog } from '../../catalog';
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
  process.stderr.write(nextSteps(result));
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
  const { name: platform } = requireCatalog(existing.platform, existing.services, existing.risks).platform;
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
  const catalog = requireCatalog(existing.platform, [...existing.services, added], existing.risks);
  const problems = findRolloutProblems(planRollouts(catalog), [added]);
  if (problems.length > 0) {
    throw new CatalogError(problems);
  }
  return { text, repository, platform };
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

function nextSteps({ service, file, code, module }: NewServiceResult): string {
  const paint = painter(process.stderr);
  const folder = code === undefined ? undefined : relative(process.cwd(), code) || '.';
  return [
    paint('bold', `${file}: the service ${service}`),
    ...(folder === undefined ? [] : [`${folder}: its source, the Go module ${module}`]),
    '',
    `  npx bowline explain rollout ${service.padEnd(20)} how fast a bad release is rolled back`,
    ...(folder === undefined
      ? []
      : [
          `  ${`(cd ${folder} && go test ./...)`.padEnd(48)} its tests`,
          `  ${`npx bowline run ${service} --source ${folder}`.padEnd(48)} release it on this machine`,
        ]),
    `  npm run synth${' '.repeat(36)}its pipeline and manifests`,
    '',
  ].join('\n');
}
