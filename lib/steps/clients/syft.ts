import { ProgramError, retryTransient, run } from '../../process';
import { toolPath } from '../../tools';
import type { ImageReference } from '../../values';
import type { Reporter } from '../reporter';
import { usesHttp } from './registry';

/** Lets syft write the SBOM of a platform's image, as CycloneDX JSON. @throws ProgramError */
export function writeSbom(image: ImageReference, reporter: Reporter): Promise<string> {
  return retryTransient(
    async () => {
      const outcome = await run({
        program: toolPath('syft'),
        arguments: ['scan', `registry:${image}`, '--quiet', '--output', 'cyclonedx-json'],
        environment: {
          SYFT_CHECK_FOR_APP_UPDATE: 'false',
          SYFT_REGISTRY_INSECURE_USE_HTTP: usesHttp(image) ? 'true' : 'false',
        },
        timeoutSeconds: 300,
        onProgress: (line) => reporter.progress(line),
      });
      if (outcome.exitCode !== 0) {
        throw new ProgramError('syft', outcome);
      }
      return outcome.stdout;
    },
    { attempts: 3, firstWaitSeconds: 2 },
  );
}
