import { addressRole, namesHost, requestScore } from './address-roles';
import type { Finding } from './finding';
import { at, type Dockerfile, type FoundAddress } from './reading';

/** The port of the requests, and what makes the program listen there. */
export interface PortChoice {
  readonly port: Finding<number>;
  /** An argument that the program needs to listen on that port, on every interface. */
  readonly argument?: Finding<string>;
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
  if (usable && !isLoopback(best)) {
    return { port: { value: best.port, where } };
  }
  const port = usable ? best.port : replacementOf(best.port);
  if (flag?.flag !== undefined) {
    return {
      port: { value: port, where: usable ? where : `${where}, moved from ${best.port}, which needs root` },
      argument: {
        value: `${flag.flag}=${flag.barePort ? port : `${schemeOf(flag)}0.0.0.0:${port}`}`,
        where: `${at(flag)} (${usable ? `${best.value} accepts only requests of the same pod` : `port ${best.port} needs root`})`,
      },
    };
  }
  // Bowline gives every container PORT, with the port of the catalog.
  return variable === undefined && !usable ? undefined : { port: { value: port, where } };
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
  const address = candidates.find(({ port, flag }) => port === 0 && flag !== undefined);
  if (address === undefined) {
    return undefined;
  }
  const where = `${at(address)} (flag ${address.flag} has no default)`;
  return {
    port: { value: defaultPort, where },
    argument: { value: `${address.flag}=${address.barePort ? defaultPort : `0.0.0.0:${defaultPort}`}`, where },
  };
}
