import type { Layout } from '../layout';

/**
 * The environment of the lab's servers, and of whoever speaks to them: nothing of the lab goes through a proxy of this machine, and the programs
 * of an administrator are found by whoever asks for them by name.
 */
export function labEnvironment(layout: Layout, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const own = [
    'localhost',
    '127.0.0.1',
    layout.node.address,
    layout.pods.cidr,
    layout.services.cidr,
    '.svc',
    '.cluster.local',
  ];
  const known = [environment.NO_PROXY, environment.no_proxy].flatMap((list) => list?.split(',') ?? []);
  const direct = [...new Set([...known.map((name) => name.trim()).filter(Boolean), ...own])].join(',');
  const path = (environment.PATH ?? '').split(':').filter(Boolean);
  return {
    ...environment,
    NO_PROXY: direct,
    no_proxy: direct,
    PATH: [...new Set([...path, '/usr/sbin', '/sbin'])].join(':'),
  };
}
