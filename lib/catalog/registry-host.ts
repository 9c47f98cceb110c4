import type { Platform } from './schema/platform';

/** The configured registry host, or the ECR registry of the pipeline account. */
export function registryHost(platform: Platform): string {
  return platform.registry ?? ecrHost(platform);
}

/** The ECR registry of the pipeline account. */
export function ecrHost({ pipeline: { account, region } }: Pick<Platform, 'pipeline'>): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
