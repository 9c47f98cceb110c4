import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  nativeArchitecture,
  nativeSource,
  queryVersions,
  resolveDependencies,
  unpackPackages,
} from '../lib/local/base-images/debian';
import { packLayer } from '../lib/local/base-images/pack-layer';
import { pushBaseImage, runtimeSettings } from '../lib/local/base-images/push-base-image';
import { mustRun } from '../lib/process';

/** Builds and pushes an image like debian:slim: Debian's essential packages, apt and certificates. Returns its reference. */
export async function debianBase(registry: string, scratch: string): Promise<string> {
  const root = join(scratch, 'debian');
  rmSync(root, { recursive: true, force: true });
  mkdirSync(root, { recursive: true });
  const { stdout } = await mustRun({
    program: 'dpkg-query',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: placeholders of dpkg-query
    arguments: ['-W', '-f', '${Essential} ${Package}\n'],
    timeoutSeconds: 30,
  });
  const essential = [...stdout.matchAll(/^yes (\S+)$/gm)].map(([, name = '']) => name);
  const names = await resolveDependencies([...essential, 'apt', 'ca-certificates'], scratch);
  const source = nativeSource();
  await unpackPackages(await queryVersions(names, source), source, { root, downloads: join(scratch, 'downloads') });
  for (const folder of ['usr/share/doc', 'usr/share/man', 'usr/share/info', 'usr/share/locale']) {
    rmSync(join(root, folder), { recursive: true, force: true });
  }
  const layer = join(scratch, 'debian.tar');
  await packLayer(root, layer);
  const repository = `${registry}/bench/debian`;
  const digest = await pushBaseImage(repository, [
    { architecture: nativeArchitecture(), layers: [layer], ...runtimeSettings },
  ]);
  return `${repository}@${digest}`;
}
