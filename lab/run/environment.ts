import type { Layout } from '../layout';

/**
 * The environment of the lab's servers and of their clients. No traffic of the lab goes through a proxy of this machine, and programs in the
 * administrator's directories are found by name.
 */
export function labEnvironment(layout: Layout, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const labAddresses = [
    'localhost',
    '127.0.0.1',
    layout.node.address,
    layout.pods.cidr,
    layout.services.cidr,
    '.svc',
    '.cluster.local',
  ];
  const configured = [environment.NO_PROXY, environment.no_proxy].flatMap((list) => list?.split(',') ?? []);
  const noProxy = [...new Set([...configured.map((name) => name.trim()).filter(Boolean), ...labAddresses])].join(',');
  const path = (environment.PATH ?? '').split(':').filter(Boolean);
  return {
    ...environment,
    NO_PROXY: noProxy,
    no_proxy: noProxy,
    PATH: [...new Set([...path, '/usr/sbin', '/sbin'])].join(':'),
  };
}
