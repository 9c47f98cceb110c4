import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readCatalogFiles, readServiceName, requireService } from '../../catalog';
import { badInput } from '../../errors';
import {
  askForRepository,
  findModule,
  moduleName,
  type OpenLine,
  type Proposal,
  proposeService,
  readConfiguration,
  readGit,
  readManifests,
  readModule,
  renderService,
  repositoryOf,
  type ServiceHeader,
} from '../../scaffold';
import { ensureGoTool } from '../../tools';
import { consoleReporter } from '../console-reporter';
import { quoteWord } from '../quote-word';
import { painter } from '../terminal';
import {
  catalogOption,
  createFile,
  type NewServiceOptions,
  requireAdded,
  requirePlatform,
  schemaPathFor,
} from './new-service';
import { startAdopted } from './start-adopted';

interface AdoptedService {
  readonly ok: true;
  readonly service: string;
  readonly file: string;
  readonly source: string;
  readonly module: string;
  /** The lines that `check catalog` refuses until a person edits them. */
  readonly open: readonly OpenLine[];
  /** What the start of the image found, or why it was not started. */
  readonly notes: readonly string[];
}

/** `bowline new service --from`. Writes nothing where it throws. @throws BowlineError `input`, CatalogError */
export async function runAdoptService(
  wanted: string | undefined,
  from: string,
  options: NewServiceOptions,
): Promise<void> {
  if (options.code !== undefined || options.module !== undefined) {
    throw badInput('input', '--from reads a source that exists: --code and --module create a new one, so use either');
  }
  const reporter = consoleReporter();
  const folder = await findModule(from);
  await ensureGoTool('service-reader', { progress: (line) => reporter.note(line) });
  const [reading, git] = await Promise.all([readModule(folder), readGit(folder)]);
  const name = wanted ?? serviceName(moduleName(reading.module));
  const file = join(options.catalog, 'services', `${name}.yaml`);
  const existing = readCatalogFiles(options.catalog);
  const same = existing.services.find((service) => readServiceName(service) === name);
  if (same !== undefined || existsSync(file)) {
    throw badInput('input', `the catalog already has a service ${name}, in ${same?.file ?? file}: nothing was written`);
  }
  const platform = requirePlatform(existing);
  const proposal: Proposal = proposeService({
    reading,
    exists: (path) => existsSync(join(folder.root, folder.directory, path)),
    read: (path) => readConfiguration(folder, path),
    manifests: readManifests(folder),
    main: options.main,
  });
  const header: ServiceHeader = {
    name,
    team: options.team ?? platform.name,
    schema: schemaPathFor(options.catalog),
    requestsPerSecond: options.requestsPerSecond,
    repository:
      options.repository === undefined
        ? repositoryOf(git, reading, platform.source)
        : { value: options.repository, where: '--repository' },
    repositoryQuestion: askForRepository(git, platform.source),
    branch: { value: git.branch ?? 'main', where: git.branchWhere ?? 'the default, because the checkout has none' },
    directory: folder.directory,
  };
  const describe = (described: Proposal) =>
    requireService(requireAdded({ file, text: renderService(header, described, 'valid').text }, existing), name);
  describe(proposal);
  const started = options.start
    ? await startAdopted({ platform, proposal, describe, source: folder.root, reporter })
    : { proposal, notes: [] };
  const { text, open } = renderService(header, started.proposal);
  createFile(file, text);
  const result: AdoptedService = {
    ok: true,
    service: name,
    file,
    source: resolve(folder.root),
    module: reading.module,
    open,
    notes: started.notes,
  };
  reporter.end();
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  process.stderr.write(nextSteps(result, from, options.catalog));
}

/** A name of the catalog from the last element of a module path. */
function serviceName(module: string): string {
  return module
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replaceAll(/^[^a-z]+|-+$/g, '');
}

function nextSteps({ service, file, open, notes }: AdoptedService, from: string, catalog: string): string {
  const option = catalogOption(catalog);
  const paint = painter(process.stderr);
  return [
    paint('bold', `${file}: the service ${service}, as its source describes it`),
    ...notes,
    ...(open.length === 0
      ? []
      : [
          '',
          open.length === 1
            ? 'The source does not say this. Edit the line:'
            : 'The source does not say this. Edit the lines:',
          ...open.map(({ line, field, what }) => `  ${file}:${line} ${field}: ${what}`),
        ]),
    '',
    `  ${`npx bowline check catalog${option}`.padEnd(56)} every error of the catalog`,
    `  ${`npx bowline run ${service} --source ${quoteWord(from)}${option}`.padEnd(56)} release it on this machine`,
    `  ${`npx bowline explain rollout ${service}${option}`.padEnd(56)} how fast a bad release is rolled back`,
    '',
  ].join('\n');
}
