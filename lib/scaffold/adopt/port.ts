import { addressRole, endsWithAddress, namesHost, requestScore, words } from './address-roles';
import type { Finding, Question } from './finding';
import { at, type Dockerfile, type FoundAddress } from './reading';

/** The port of the requests, and what makes the program listen there. */
export interface PortChoice {
  readonly port: Finding<number>;
  /** An argument that the program needs to listen on that port, on every interface. */
  readonly argument?: Finding<string>;
  /** The command that has the flag, such as serve. Without it, the program does something else. */
  readonly command?: Finding<string>;
}

const firstPort = 1024;

/**
 * Chooses the port of the requests. An address that a pod cannot use (loopback, or a low port, which needs root) is replaced by an argument where
 * a flag sets it. Undefined if the source names none.
 */
export function choosePort(
  addresses: readonly FoundAddress[],
  dockerfiles: readonly Dockerfile[],
): PortChoice | undefined {
  const exposed = exposedPorts(dockerfiles);
  const score = (address: FoundAddress) =>
    requestScore(address) + (exposed.some(({ value }) => value === address.port) ? 30 : 0);
  const candidates = addresses
    .filter((address) => addressRole(address) === 'requests' && (address.port > 0 || !namesHost(address)))
    .map((address) => ({ address, score: score(address) }))
    .filter((candidate) => candidate.score > 0)
    .sort((a, b) => b.score - a.score);
  const best = candidates.find(({ address }) => address.port > 0)?.address;
  if (best === undefined) {
    return exposedOnly(exposed) ?? flagWithoutDefault(candidates.map(({ address }) => address));
  }
  const flags = candidates.map(({ address }) => address).filter((address) => address.flag !== undefined);
  const flag = flags.find((address) => address.port === best.port) ?? flags.find((address) => address.port === 0);
  const variable = candidates.find(({ address }) => address.port === best.port && address.environment === 'PORT');
  const where = `${at(best)} (${describeAddress(best)})`;
  const usable = best.port >= firstPort;
  const command = commandOf(best) ?? (best.how === 'flag' || flag === undefined ? undefined : commandOf(flag));
  const needed = command === undefined ? {} : { command };
  if (usable && !isLoopback(best)) {
    return { port: { value: best.port, where }, ...needed };
  }
  const port = usable ? best.port : replacementOf(best.port);
  if (flag?.flag !== undefined) {
    return {
      port: { value: port, where: usable ? where : `${where}, moved from ${best.port}, which needs root` },
      argument: {
        value: `${flag.flag}=${takesBarePort(flag) ? port : `${schemeOf(flag)}0.0.0.0:${port}`}`,
        where: `${at(flag)} (${usable ? `${best.value} accepts only requests of the same pod` : `port ${best.port} needs root`})`,
      },
      ...needed,
    };
  }
  // Bowline gives every container PORT, with the port of the catalog.
  return variable === undefined && !usable ? undefined : { port: { value: port, where }, ...needed };
}

/** The question of a service whose port the source does not say. */
export function askForPort(addresses: readonly FoundAddress[]): Question {
  const setting = addresses.find(
    (address) => address.how === 'setting' && address.port === 0 && addressRole(address) === 'requests',
  );
  const what =
    setting === undefined
      ? 'the port of the requests: the source names none'
      : `the port of the requests: the program reads it from the setting ${setting.name} (${at(setting)}), which has no default`;
  return { field: 'port', what };
}

function commandOf({ command, flag, ...place }: FoundAddress): Finding<string> | undefined {
  return command === undefined ? undefined : { value: command, where: `${at(place)} (the command that has ${flag})` };
}

/** A flag for a text that is named port, without a default, is a port too. */
function takesBarePort({ barePort, value, name }: FoundAddress): boolean {
  return barePort || (value === '' && words(name).at(-1) === 'port');
}

/** A flag, a variable or a listen call, in the words of a comment. */
export function describeAddress({ how, name, flag, environment }: FoundAddress): string {
  switch (how) {
    case 'flag':
      return `flag ${flag ?? name}`;
    case 'environment':
      return `variable ${environment ?? name}`;
    case 'listen':
      return 'the address that it listens on';
    case 'setting':
      return `setting ${environment ?? name}`;
    case 'configuration':
      return name;
    case 'name':
      return name;
  }
}

/** The low port 80 becomes 8080. */
function replacementOf(port: number): number {
  return port + 8000 >= firstPort ? port + 8000 : port;
}

function schemeOf({ value }: FoundAddress): string {
  return /^[a-z]+:\/\//.exec(value)?.[0] ?? '';
}

function isLoopback({ host }: FoundAddress): boolean {
  return /^(?:localhost|127\.[0-9.]+|::1)$/.test(host);
}

function exposedPorts(dockerfiles: readonly Dockerfile[]): readonly Finding<number>[] {
  return dockerfiles.flatMap(({ ports }) =>
    ports.flatMap(({ port, ...position }) => {
      const number = /^([0-9]+)(?:\/tcp)?$/.exec(port)?.[1];
      return number === undefined ? [] : [{ value: Number(number), where: `${at(position)} (EXPOSE)` }];
    }),
  );
}

function exposedOnly(exposed: readonly Finding<number>[]): PortChoice | undefined {
  const [first] = exposed.filter(({ value }) => value >= firstPort);
  return first === undefined ? undefined : { port: first };
}

const defaultPort = 8080;

/** A flag such as --http-addr without a default: the program listens only if it is given. */
function flagWithoutDefault(candidates: readonly FoundAddress[]): PortChoice | undefined {
  const address = candidates.find(
    (candidate) => candidate.port === 0 && candidate.flag !== undefined && endsWithAddress(candidate),
  );
  if (address === undefined) {
    return undefined;
  }
  const where = `${at(address)} (flag ${address.flag} has no default)`;
  const command = commandOf(address);
  return {
    port: { value: defaultPort, where },
    argument: { value: `${address.flag}=${takesBarePort(address) ? defaultPort : `0.0.0.0:${defaultPort}`}`, where },
    ...(command === undefined ? {} : { command }),
  };
}
