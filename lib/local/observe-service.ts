import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Platform, Service } from '../catalog';
import { createImageRecipe } from '../image';
import type { StartPlan, StartReport } from '../image/start';
import { observeImage, type Reporter, readSource } from '../steps';
import { withLock } from '../tools';
import type { ImageReference } from '../values';
import { chooseBaseImages } from './run/local-substitutes';
import { defaultStateDirectory, startLocalServices } from './services/services';

/** A service whose image is started to see what it does. */
export interface ServiceObservation {
  readonly platform: Platform;
  readonly service: Service;
  /** Checkout of the service's repository. */
  readonly source: string;
  /** Folder of the local services. @default defaultStateDirectory() */
  readonly stateDirectory?: string;
  readonly reporter: Reporter;
}

/**
 * Starts BuildKit, builds the image of a service on this machine, and gives `use` a function that starts the image. Later starts reuse the image.
 * The build cache is that of `bowline run`.
 * @throws BowlineError if the source cannot be built; ProgramError if BuildKit fails
 */
export async function observeService<Result>(
  { platform, service, source, stateDirectory = defaultStateDirectory(), reporter }: ServiceObservation,
  use: (start: (plan: StartPlan, service?: Service) => Promise<StartReport | undefined>) => Promise<Result>,
): Promise<Result> {
  mkdirSync(stateDirectory, { recursive: true });
  const onWait = (holder: number) => reporter.note(`waiting for process ${holder}, a run that uses ${stateDirectory}`);
  return withLock(
    join(stateDirectory, 'run.lock'),
    async () => {
      const services = await startLocalServices({
        stateDirectory,
        region: platform.pipeline.region,
        keys: [],
        progress: (line) => reporter.note(line),
      });
      try {
        const bases = await chooseBaseImages({ platform, services: [service], local: services, reporter });
        const local: Platform = {
          ...platform,
          bases: { ...platform.bases, ...(bases.images as Record<string, ImageReference>) },
        };
        const facts = await readSource(source, service);
        const recipe = createImageRecipe(local, service, facts);
        const work = {
          recipe,
          directory: join(source, recipe.layout.root),
          buildkit: services.buildkit,
          hostNetwork: true,
          reporter,
        };
        return await use((plan, described = service) => observeImage({ ...work, service: described }, local, plan));
      } finally {
        await services.stop();
      }
    },
    onWait,
  );
}
