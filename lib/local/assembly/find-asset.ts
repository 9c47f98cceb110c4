import { readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import type { SynthesizedPipeline } from './read-assembly';

interface AssetsFile {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string; readonly packaging: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

/**
 * The folder in a cloud assembly that a source action of a pipeline reads from S3.
 * @param action name of the source action
 * @throws Error when the pipeline has no such action, or the assembly no such folder
 */
export function findAsset(assembly: string, pipeline: SynthesizedPipeline, action: string): string {
  const source = pipeline.actions.find(({ name, provider }) => name === action && provider === 'S3');
  const key = source?.configuration.S3ObjectKey;
  for (const manifest of readdirSync(assembly).filter((name) => name.endsWith('.assets.json'))) {
    const { files = {} } = JSON.parse(readFileSync(join(assembly, manifest), 'utf8')) as AssetsFile;
    for (const { source: from, destinations } of Object.values(files)) {
      const isWanted = Object.values(destinations).some(({ objectKey }) => objectKey === key);
      if (isWanted && from.packaging === 'zip') {
        return isAbsolute(from.path) ? from.path : join(assembly, from.path);
      }
    }
  }
  throw new Error(`the assembly ${assembly} has no folder for the action ${action} of ${pipeline.name} (${key})`);
}
