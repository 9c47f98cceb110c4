import { mustRunTool, retryTransient } from '../../process';
import { toolPath } from '../../tools';
import type { ImageReference } from '../../values';
import type { Reporter } from '../reporter';
import { usesHttp } from './registry';

/** What an SBOM describes: the image of a platform in its registry, or a plain binary. */
export type SbomSource =
  | { readonly kind: 'image'; readonly image: ImageReference }
  | { readonly kind: 'binary'; readonly file: string };

/** Lets syft write an SBOM, as CycloneDX JSON. @throws ProgramError */
export function writeSbom(source: SbomSource, reporter: Reporter): Promise<string> {
  const insecure = source.kind === 'image' && usesHttp(source.image);
  return retryTransient(
    async () => {
      const { stdout } = await mustRunTool({
        program: toolPath('syft'),
        access: source.kind === 'image' ? ['registry'] : [],
        configuration: {
          'syft.yaml': JSON.stringify({
            'check-for-app-update': false,
            registry: { 'insecure-use-http': insecure },
          }),
        },
        arguments: ({ configuration }) => [
          'scan',
          source.kind === 'image' ? `registry:${source.image}` : `file:${source.file}`,
          '--config',
          `${configuration}/syft.yaml`,
          '--quiet',
          '--output',
          'cyclonedx-json',
        ],
        timeoutSeconds: 300,
        onProgress: (line) => reporter.progress(line),
      });
      return stdout;
    },
    { attempts: 3, firstWaitSeconds: 2 },
  );
}
