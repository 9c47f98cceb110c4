import { addressRole, isDebugAddress, namesOperators } from './address-roles';
import { findCgo } from './cgo';
import { type CommandLine, readCommandLine } from './command-line';
import { type ConfigurationFile, type ConfiguredAddress, configuredAddresses } from './configuration';
import { type DeployedProbe, healthcheckProbes, manifestProbes } from './deployed-probes';
import type { Finding, Question } from './finding';
import { chooseMetrics, type MetricsChoice } from './metrics';
import { choosePort, describeAddress } from './port';
import { chooseProbes, type ProbeChoice } from './probes';
import { chooseMain, moduleName, readingOfProgram } from './programs';
import { at, type FoundAddress, type Reading } from './reading';

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
  const commandLine = readCommandLine({ dockerfiles: program.dockerfiles, program: name, exists });
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
  return {
    main,
    ...(cgo === undefined ? {} : { cgo }),
    files,
    arguments: [
      ...commandLine.arguments,
      ...[choice?.argument, metricsAddress?.argument].filter((argument) => argument !== undefined),
    ],
    ...(choice === undefined ? {} : { port: choice.port }),
    metrics,
    ...(metricsAddress === undefined ? {} : { metricsPort: metricsAddress.port }),
    ...(path === undefined || path.value === '/metrics' ? {} : { metricsPath: path }),
    ...(probes === undefined ? {} : { probes }),
    paths: [...new Set([...deployed, ...program.paths].map((found) => found.path))],
    questions: [
      ...(choice === undefined ? [{ field: 'port', what: 'the port of the requests: the source names none' }] : []),
      ...(probes === undefined
        ? [{ field: 'probes', what: 'a path that answers 200 when the service is ready: the source registers none' }]
        : []),
      ...metrics.questions,
    ],
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
  const flag = named.find((candidate) => candidate.flag !== undefined && isSettable(candidate));
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

/** An address or a port, and not, for example, a mode. */
function isSettable({ name }: FoundAddress): boolean {
  return /(?:addr|address|port|listen|http)$/i.test(name);
}

function chooseMetricsPath({ paths }: Reading): Finding<string> | undefined {
  const found = paths.filter(({ path }) => /\/metrics$/.test(path)).sort((a, b) => a.path.length - b.path.length)[0];
  return found === undefined ? undefined : { value: found.path, where: at(found) };
}
