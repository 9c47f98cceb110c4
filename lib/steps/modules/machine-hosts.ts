import { isIP } from 'node:net';
import type { PrivateModules } from '../../catalog';
import { matchesPattern, privateHosts } from '../../image';

/**
 * The hosts of private modules that the hosts file of this machine names. BuildKit writes a hosts file of its own, so that a build on the network of
 * the machine would not find them.
 * @param hostsFile the text of /etc/hosts
 */
export function machineHosts(modules: PrivateModules, hostsFile: string): Readonly<Record<string, string>> {
  const patterns = [
    ...privateHosts(modules),
    ...(modules.proxy === undefined ? [] : [new URL(modules.proxy).hostname]),
  ];
  const found: Record<string, string> = {};
  for (const line of hostsFile.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*$/, '').trim().split(/\s+/);
    for (const name of isIP(address) === 0 ? [] : names) {
      // The first entry of a name is the one that the resolver uses.
      if (found[name] === undefined && patterns.some((pattern) => matchesPattern(pattern, name))) {
        found[name] = address;
      }
    }
  }
  return found;
}
