import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

interface AssetsFile {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path: string; readonly packaging: string } }>>;
}

/** The folder of the bundle in a cloud assembly: the asset that contains bowline.mjs. @throws Error when there is none */
export function findBundleAsset(assembly: string): string {
  const manifests = readdirSync(assembly).filter((name) => name.endsWith('.assets.json'));
  for (const manifest of manifests) {
    const { files = {} } = JSON.parse(readFileSync(join(assembly, manifest), 'utf8')) as AssetsFile;
    for (const { source } of Object.values(files)) {
      const path = isAbsolute(source.path) ? source.path : join(assembly, source.path);
      if (source.packaging === 'zip' && existsSync(join(path, 'bowline.mjs'))) {
        return path;
      }
    }
  }
  throw new Error(`the assembly ${assembly} has no asset with the command line (bowline.mjs)`);
}
