import { addressRole, endsWithAddress, isDebugAddress, namesOperators } from './address-roles';
import { findCgo } from './cgo';
import { type CommandLine, readCommandLine } from './command-line';
import { type ConfigurationFile, type ConfiguredAddress, configuredAddresses, isTemplate } from './configuration';
import { type DeployedProbe, healthcheckProbes, manifestProbes } from './deployed-probes';
import type { Finding, Question } from './finding';
import { chooseMetrics, type MetricsChoice } from './metrics';
import { askForPort, choosePort, describeAddress } from './port';
import { askForProbes, chooseProbes, type ProbeChoice } from './probes';
import { chooseMain, moduleName, readingOfProgram } from './programs';
import { at, type Reading } from './reading';

/** What a catalog file can say about a service after its source was read. */
export interface Proposal {
  readonly main: Finding<string>;
  readonly cgo?: Finding<true>;
  readonly files: readonly Finding<string>[];
  readonly arguments: readonly Finding<string>[];
  /** Absent where the source names none. */
  readonly port?: Finding<number>;
  readonly metrics: MetricsChoice;
  readonly metricsPort?: Finding<number>;
  readonly metricsPath?: Finding<string>;
  readonly probes?: ProbeChoice;
  /** Paths of the source that may be probes, for a start of the image. */
  readonly paths: readonly string[];
  readonly questions: readonly Question[];
}

export interface Checkout {
  readonly reading: Reading;
  /** Whether a path exists, relative to the folder of go.mod. */
  readonly exists: (path: string) => boolean;
  /** Reads a text file, relative to the folder of go.mod. Undefined for a folder. */
  readonly read: (path: string) => ConfigurationFile | undefined;
  /** Kubernetes manifests of the checkout. */
  readonly manifests: readonly ConfigurationFile[];
  /** The main package that the user names. */
  readonly main?: string | undefined;
}

/** Proposes the catalog file of a service of a checkout. @throws BowlineError `input` where the program is not clear */
export function proposeService({ reading, exists, read, manifests, main: wanted }: Checkout): Proposal {
  const main = chooseMain(reading, wanted);
  const program = readingOfProgram(reading, main.value);
  const name = main.value === '.' ? moduleName(reading.module) : (main.value.split('/').at(-1) ?? '');
  const { templates, ...commandLine } = withoutTemplates(
    readCommandLine({ dockerfiles: program.dockerfiles, program: name, exists }),
    read,
  );
  const configured = commandLine.files.flatMap(({ value }) => {
    const file = read(value);
    return file === undefined ? [] : configuredAddresses(file);
  });
  const choice = choosePort([...configured, ...program.addresses], program.dockerfiles);
  const metrics = chooseMetrics(program);
  const metricsAddress = chooseMetricsAddress(program, configured, choice?.port.value);
  const path = chooseMetricsPath(program);
  const deployed = [
    ...manifestProbes(manifests, [...new Set([name, moduleName(reading.module)])]),
    ...healthcheckProbes(program.dockerfiles),
  ].filter((probe) => asksPort(probe, choice?.port.value));
  const probes = chooseProbes({
    paths: [...deployed, ...program.paths],
    metrics: { port: metricsAddress?.port.value, path: path?.value ?? '/metrics' },
  });
  const cgo = findCgo(program);
  const files = readFiles(program, commandLine);
  const added = [choice?.argument, metricsAddress?.argument].filter((argument) => argument !== undefined);
  return {
    main,
    ...(cgo === undefined ? {} : { cgo }),
    files,
    arguments: [
      ...(choice?.command === undefined || commandLine.arguments.some(({ value }) => !value.startsWith('-'))
        ? []
        : [choice.command]),
      ...commandLine.arguments,
      ...added,
    ],
    ...(choice === undefined ? {} : { port: choice.port }),
    metrics,
    ...(metricsAddress === undefined ? {} : { metricsPort: metricsAddress.port }),
    ...(path === undefined || path.value === '/metrics' ? {} : { metricsPath: path }),
    ...(probes === undefined ? {} : { probes }),
    paths: [...new Set([...deployed, ...program.paths].map((found) => found.path))],
    questions: [
      ...templates.map((file) => askForConfiguration(file, commandLine, added)),
      ...(choice === undefined ? [askForPort(program.addresses)] : []),
      ...(probes === undefined ? [askForProbes(program.paths)] : []),
      ...metrics.questions,
    ],
  };
}

/** Leaves out the files that are templates, which the program itself cannot read. At most one is asked for. */
function withoutTemplates(
  commandLine: CommandLine,
  read: Checkout['read'],
): CommandLine & { readonly templates: readonly Finding<string>[] } {
  const templates = commandLine.files.filter(({ value }) => {
    const file = read(value);
    return file !== undefined && isTemplate(file, commandLine.isStartedByAnother);
  });
  const files = commandLine.files.filter((file) => !templates.includes(file));
  return { ...commandLine, files, templates: templates.slice(0, 1) };
}

function askForConfiguration(
  { value, where }: Finding<string>,
  { arguments: given }: CommandLine,
  added: readonly Finding<string>[],
): Question {
  const line = (words: readonly Finding<string>[]) => words.map((word) => word.value).join(' ');
  const assumed = added.length === 0 ? '' : `. The ports of this file need ${line(added)}`;
  return {
    field: 'args',
    what: `the arguments: the Dockerfile gives ${line(given)}, and ${value} (${where}) is a template that another program fills. Name a configuration that the program can read, and list it in build.files${assumed}`,
  };
}

/** A deployment may change the port by an argument that the catalog does not have. */
function asksPort(probe: DeployedProbe, port: number | undefined): boolean {
  return probe.port === undefined || port === undefined || probe.port === port;
}

/** Files that the program reads by a relative path. */
function readFiles({ files }: Reading, commandLine: CommandLine): readonly Finding<string>[] {
  const found = [
    ...commandLine.files,
    ...files.map((file) => ({
      value: file.path,
      where: `${at(file)} (${file.how === 'flag' ? `default of ${file.name}` : `read by ${file.name}`})`,
    })),
  ];
  const paths = [...new Set(found.map(({ value }) => value))].sort();
  return paths
    .filter((path) => !paths.some((other) => path.startsWith(`${other}/`)))
    .flatMap((path) => found.filter(({ value }) => value === path).slice(0, 1));
}

interface MetricsAddress {
  readonly port: Finding<number>;
  readonly argument?: Finding<string>;
}

/** The port that a flag without a default gets, if it is free. */
const defaultMetricsPort = 9090;

/** The address of the metrics, if it is not that of the requests. */
function chooseMetricsAddress(
  { addresses, paths }: Reading,
  configured: readonly ConfiguredAddress[],
  port: number | undefined,
): MetricsAddress | undefined {
  const configuredAddress = configured.find(
    (address) => address.besideMetrics || addressRole(address) === 'metrics' || isDebugAddress(address),
  );
  const named = [configuredAddress, ...addresses.filter((address) => addressRole(address) === 'metrics')]
    .filter((address) => address !== undefined)
    .filter((address) => address.how !== 'listen');
  const address = named.find((candidate) => candidate.port >= 1024);
  const flag = named.find((candidate) => candidate.flag !== undefined && endsWithAddress(candidate));
  if (address !== undefined) {
    const where = `${at(address)} (${describeAddress(address)})`;
    return address.port === port ? undefined : { port: { value: address.port, where } };
  }
  const onRequestPort = paths.some(
    ({ path, registered, router }) => registered && path === '/metrics' && !namesOperators(router),
  );
  if (flag === undefined || onRequestPort) {
    return undefined;
  }
  const value = port === defaultMetricsPort ? defaultMetricsPort + 1 : defaultMetricsPort;
  const where = `${at(flag)} (flag ${flag.flag} has no default: without it, nothing serves metrics)`;
  return {
    port: { value, where },
    argument: { value: `${flag.flag}=${flag.barePort ? value : `0.0.0.0:${value}`}`, where },
  };
}

function chooseMetricsPath({ paths }: Reading): Finding<string> | undefined {
  const found = paths.filter(({ path }) => /\/metrics$/.test(path)).sort((a, b) => a.path.length - b.path.length)[0];
  return found === undefined ? undefined : { value: found.path, where: at(found) };
}
