import { mustRun } from '../../process';
import { toolPath } from '../../tools';
import type { Architecture } from './debian';
import { nonroot } from './pack-layer';

/** The image for one target platform: its layers, from the lowest, and its configuration. */
export interface BaseImage {
  readonly architecture: Architecture;
  readonly layers: readonly string[];
  readonly user?: string;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

const certificates = { SSL_CERT_FILE: '/etc/ssl/certs/ca-certificates.crt' };

/** Configuration of a runtime base image. */
export const runtimeSettings = {
  user: `${nonroot}:${nonroot}`,
  directory: '/home/nonroot',
  environment: { PATH: '/usr/bin:/bin', ...certificates },
} as const;

/** Configuration of a builder image. @param moduleVariables Go variables of this machine */
export function builderSettings(
  moduleVariables: Readonly<Record<string, string>>,
): Pick<BaseImage, 'directory' | 'environment'> {
  return {
    directory: '/source',
    environment: {
      PATH: '/usr/local/go/bin:/usr/bin:/bin',
      GOTOOLCHAIN: 'local',
      GOPATH: '/go',
      ...certificates,
      ...moduleVariables,
    },
  };
}

/** Pushes a base image, as an index when it is for several target platforms, and returns its digest. */
export async function pushBaseImage(repository: string, images: readonly BaseImage[]): Promise<string> {
  const tags: string[] = [];
  for (const image of images) {
    tags.push(await pushImage(repository, image));
  }
  const [first = ''] = tags;
  if (tags.length === 1) {
    return crane('digest', first);
  }
  const index = `${repository}:index`;
  await crane('index', 'append', ...tags.flatMap((tag) => ['-m', tag]), '-t', index);
  return crane('digest', index);
}

async function pushImage(repository: string, image: BaseImage): Promise<string> {
  const platform = `linux/${image.architecture}`;
  const tag = `${repository}:${image.architecture}`;
  const layers = image.layers.flatMap((file) => ['-f', file]);
  await crane('append', '--oci-empty-base', '--platform', platform, ...layers, '-t', tag);
  const settings = [
    ...(image.user === undefined ? [] : ['-u', image.user]),
    ...['-w', image.directory],
    ...Object.entries(image.environment).flatMap(([name, value]) => ['-e', `${name}=${value}`]),
  ];
  await crane('mutate', tag, '--set-platform', platform, ...settings, '-t', tag);
  return tag;
}

async function crane(...words: readonly string[]): Promise<string> {
  const { stdout } = await mustRun({
    program: toolPath('crane'),
    arguments: ['--insecure', ...words],
    timeoutSeconds: 300,
  });
  return stdout.trim();
}
