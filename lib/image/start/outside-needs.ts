import type { Service } from '../../catalog';

/**
 * What the catalog says that a service needs from outside, and that the first start does not have: secrets, peers, and settings that name another
 * host. If there is nothing of it, the image must become ready on its own.
 */
export function outsideNeeds(service: Service): readonly string[] {
  const given = new Set(Object.keys(service.start.settings));
  const environments = Object.values(service.environments);
  const secrets = environments.flatMap(({ secrets }) => Object.keys(secrets)).filter((name) => !given.has(name));
  const settings = environments
    .flatMap(({ settings }) => Object.entries(settings))
    .filter(([name, value]) => !given.has(name) && namesAnotherHost(value))
    .map(([name]) => name);
  return [
    ...unique(secrets).map((name) => `the secret ${name}`),
    ...service.network.to.map((peer) =>
      'service' in peer ? `the service ${peer.service}` : `${peer.cidr} port ${peer.port}`,
    ),
    ...unique(settings).map((name) => `the host in ${name}`),
  ];
}

/** A URL (`postgres://db/orders`), or a host with a port (`redis:6379`), other than this machine. */
function namesAnotherHost(value: string): boolean {
  return value.split(/[\s,;]+/).some((word) => {
    const host =
      /^[a-z][a-z0-9+.-]*:\/\/(?:[^@/]*@)?(\[[^\]]*\]|[^:/?#]*)/i.exec(word)?.[1] ??
      /@(?:tcp|udp)?\(?([\w.-]+):\d+\)?/.exec(word)?.[1] ??
      /^([A-Za-z0-9][\w.-]*|\[[^\]]*\]):\d{1,5}$/.exec(word)?.[1];
    return host !== undefined && host !== '' && !thisMachine.test(host);
  });
}

/** Digits alone are a time or a ratio, such as 10:30. */
const thisMachine = /^(?:localhost|127\.[0-9.]+|0\.0\.0\.0|\[::1?\]|[0-9]+)$/i;

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
