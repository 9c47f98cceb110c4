import { aws_ecr as ecr } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { baseCachePrefix } from '../ecr-base-repositories';

/**
 * What ECR caches, by the host that images are named with, and what ECR calls it. Others, such as gcr.io, it does not take
 * (aws/containers-roadmap#1581): https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
const upstreams = {
  'docker.io': { url: 'registry-1.docker.io', folder: 'hub', secret: true },
  'public.ecr.aws': { url: 'public.ecr.aws', folder: 'ecr', secret: false },
  'quay.io': { url: 'quay.io', folder: 'quay', secret: false },
  'registry.k8s.io': { url: 'registry.k8s.io', folder: 'k8s', secret: false },
  'ghcr.io': { url: 'ghcr.io', folder: 'ghcr', secret: true },
  'registry.gitlab.com': { url: 'registry.gitlab.com', folder: 'gitlab', secret: true },
} as const;

export type CachedHost = keyof typeof upstreams;

/** A public registry that ECR keeps a copy of, image by image. */
export interface CachedRegistry {
  readonly host: CachedHost;
  /** ARN of a secret with `username` and `accessToken`, whose name begins with `ecr-pullthroughcache/`. Docker Hub, GitHub and GitLab need one. */
  readonly secretArn?: string;
}

/**
 * Rules by which the account's own registry fetches bases from public ones, and what the repositories that ECR makes then are like. `docs/how-to/base-images.md`
 * says how the catalog names such a base. Rules are the account's: a host can be cached below one prefix a platform.
 */
export class BaseCache extends Construct {
  readonly rules: ReadonlyMap<CachedHost, ecr.CfnPullThroughCacheRule>;
  readonly template: ecr.CfnRepositoryCreationTemplate;

  /** @throws Error for a host that ECR does not cache, one that is named twice, or a secret that is missing or can't be used */
  constructor(scope: Construct, id: string, platform: Platform, registries: readonly CachedRegistry[]) {
    super(scope, id);
    const prefix = baseCachePrefix(platform);
    this.template = new ecr.CfnRepositoryCreationTemplate(this, 'Template', {
      prefix,
      appliedFor: ['PULL_THROUGH_CACHE'],
      description: `Bases of ${platform.name}, cached`,
      encryptionConfiguration: { encryptionType: 'AES256' },
      // A tag has to be able to move, or ECR never fetches the next version of it. Builds go by digest.
      imageTagMutability: 'MUTABLE',
    });
    const rules = new Map<CachedHost, ecr.CfnPullThroughCacheRule>();
    for (const registry of registries) {
      const { host } = registry;
      const { url, folder } = checked(registry, rules);
      const rule = new ecr.CfnPullThroughCacheRule(this, host, {
        ecrRepositoryPrefix: `${prefix}/${folder}`,
        upstreamRegistryUrl: url,
        ...(registry.secretArn === undefined ? {} : { credentialArn: registry.secretArn }),
      });
      // So that no repository is made before it is said what like.
      rule.addResourceDependency(this.template);
      rules.set(host, rule);
    }
    this.rules = rules;
  }
}

function checked(
  { host, secretArn }: CachedRegistry,
  before: ReadonlyMap<string, unknown>,
): (typeof upstreams)[CachedHost] {
  const upstream = upstreams[host];
  if (upstream === undefined) {
    throw new Error(
      `\`baseCache.host\` must be a registry that ECR caches (${Object.keys(upstreams).join(', ')}), got: ${host}. Copy bases of others by digest: docs/how-to/base-images.md`,
    );
  }
  if (before.has(host)) {
    throw new Error(`\`baseCache\` must name each host once, got twice: ${host}`);
  }
  if (upstream.secret && secretArn === undefined) {
    throw new Error(
      `\`baseCache.secretArn\` must be there for ${host}, which ECR takes with a login alone${host === 'docker.io' ? '; the official images are on public.ecr.aws/docker/library as well, without one' : ''}`,
    );
  }
  if (secretArn !== undefined && !/:secretsmanager:[^:]+:[0-9]{12}:secret:ecr-pullthroughcache\/./.test(secretArn)) {
    throw new Error(
      `\`baseCache.secretArn\` must be the ARN of a secret whose name begins with ecr-pullthroughcache/, got: ${secretArn}`,
    );
  }
  return upstream;
}
