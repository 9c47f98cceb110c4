import { existsSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { CatalogError, readCatalogFiles, requireCatalog, readServiceName } from '../../catalog';
import { plannedRollouts, rolloutProblems } from '../../rollout';
import { besideTemplates, fill, type Placing, prepareFolder, readTemplate } from '../../scaffold';
import type { NewServiceOptions } from '../commands/new-service-options';
import { InputError } from '../fail';
import { painter } from '../terminal';

interface NewServiceAnswer {
  readonly ok: true;
  readonly service: string;
  readonly file: string;
  readonly code?: string;
  readonly module?: string;
}

/** `bowline new service` @throws InputError, CatalogError; nothing is written then */
export function runNewService(name: string, options: NewServiceOptions): void {
  const file = join(options.catalog, 'services', `${name}.yaml`);
  const { text, repository, platform } = checkedFile(name, file, options);
  const module = options.module ?? `github.com/${repository}`;
  if (!/^[a-z0-9](?:[A-Za-z0-9.-]*)(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/.test(module)) {
    throw new InputError(
      `--module must be a Go module path such as github.com/acme/orders, got: ${JSON.stringify(module)}`,
    );
  }
  let code: Placing | undefined;
  if (options.code !== undefined) {
    const values = { SERVICE: { text: name }, MODULE: { text: module }, PLATFORM: { text: platform } };
    code = prepareFolder(options.code, fill(readTemplate('service'), values).files);
  }
  try {
    createFile(file, text);
  } catch (error) {
    code?.drop();
    throw error;
  }
  try {
    code?.place();
  } catch (error) {
    rmSync(file);
    code?.drop();
    throw error;
  }
  const answer: NewServiceAnswer = {
    ok: true,
    service: name,
    file,
    ...(options.code === undefined ? {} : { code: resolve(options.code), module }),
  };
  if (options.json) {
    process.stdout.write(`${JSON.stringify(answer)}\n`);
  }
  process.stderr.write(nextSteps(answer));
}

/** The service's file, once the whole catalog has passed its check with it. */
function checkedFile(
  name: string,
  file: string,
  options: NewServiceOptions,
): { readonly text: string; readonly repository: string; readonly platform: string } {
  const known = readCatalogFiles(options.catalog);
  const same = known.services.find((service) => readServiceName(service) === name);
  if (same !== undefined || existsSync(file)) {
    throw new InputError(`the catalog has a service ${name} already, in ${same?.file ?? file}: nothing was written`);
  }
  const { name: platform } = requireCatalog(known.platform, known.services, known.risks).platform;
  const repository = options.repository ?? `${platform}/${name}`;
  const values = {
    SERVICE: { text: name },
    TEAM: { text: options.team ?? platform },
    REPOSITORY: { text: repository },
    REQUESTS: { text: options.requestsPerSecond },
    SCHEMA: { text: schemaFor(options.catalog) },
  };
  const text = fill(readTemplate('catalog'), values).files.get('service.yaml') ?? '';
  const own = { file, text };
  const catalog = requireCatalog(known.platform, [...known.services, own], known.risks);
  const problems = rolloutProblems(plannedRollouts(catalog), [own]);
  if (problems.length > 0) {
    throw new CatalogError(problems);
  }
  return { text, repository, platform };
}

/** Where an editor finds the schema: this checkout's for the catalogs in it, else that of the installed package. */
function schemaFor(catalog: string): string {
  const own = besideTemplates(join('schemas', 'service.schema.json'));
  const services = resolve(catalog, 'services');
  return existsSync(own) && services.startsWith(`${dirname(dirname(own))}/`)
    ? relative(services, own)
    : '../../node_modules/bowline/schemas/service.schema.json';
}

/** Writes a file that must not be there yet, whole or not at all. */
function createFile(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  const beside = `${file}.${process.pid}.part`;
  writeFileSync(beside, text);
  try {
    // A link fails where a rename would overwrite.
    linkSync(beside, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new InputError(`${file} is there already: nothing was written`);
    }
    throw error;
  } finally {
    rmSync(beside);
  }
}

function nextSteps({ service, file, code, module }: NewServiceAnswer): string {
  const paint = painter(process.stderr);
  const folder = code === undefined ? undefined : relative(process.cwd(), code) || '.';
  return [
    paint('bold', `${file}: the service ${service}`),
    ...(folder === undefined ? [] : [`${folder}: its source, the Go module ${module}`]),
    '',
    `  npx bowline explain rollout ${service.padEnd(20)} when a bad release of it is back`,
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
