import type { Platform } from '../catalog';
import { arnsOf } from '../pipeline/iam/arns';
import { serviceNames } from '../pipeline/names';
import type { Builder, ExpectedBuilder } from '../provenance';

/** Who must have built the images of a service, as the catalog describes its pipeline. @param kind of `--builder` */
export function builderOf(platform: Platform, service: string, kind: Builder['kind'] = 'codebuild'): ExpectedBuilder {
  return kind === 'local'
    ? { kind }
    : { kind, pipeline: arnsOf(platform).pipeline(serviceNames(platform, service).pipeline) };
}
