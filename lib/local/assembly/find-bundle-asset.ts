import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

interface AssetsFile {
  readonly files?: Readonly<Record<string, { readonly source: { readonly path: string; readonly packaging: string } }>>;
}

/** The folder of the assembly that holds the bundle: the one asset with a bowline.mjs in it. @throws Error when there is none */
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
  throw new Error(`the assembly ${assembly} carries no bundle of the command line`);
}
