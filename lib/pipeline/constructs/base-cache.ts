import { aws_ecr as ecr } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { baseCachePrefix } from '../ecr-base-repositories';

/**
 * Upstream registries that ECR caches, by the host in image references. ECR does not support other hosts, such as gcr.io
 * (aws/containers-roadmap#1581): https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache.html
 */
const upstreams = {
  'docker.io': { url: 'registry-1.docker.io', folder: 'hub', needsSecret: true },
  'public.ecr.aws': { url: 'public.ecr.aws', folder: 'ecr', needsSecret: false },
  'quay.io': { url: 'quay.io', folder: 'quay', needsSecret: false },
  'registry.k8s.io': { url: 'registry.k8s.io', folder: 'k8s', needsSecret: false },
  'ghcr.io': { url: 'ghcr.io', folder: 'ghcr', needsSecret: true },
  'registry.gitlab.com': { url: 'registry.gitlab.com', folder: 'gitlab', needsSecret: true },
} as const;

/** Host of a registry that ECR can cache. */
export type CachedHost = keyof typeof upstreams;

/** A public registry whose images ECR caches on first use. */
export interface CachedRegistry {
  readonly host: CachedHost;
  /**
   * ARN of a secret with `username` and `accessToken`. Its name begins with `ecr-pullthroughcache/`.
   * @default no login; Docker Hub, GitHub and GitLab require one
   */
  readonly secretArn?: string;
}

export interface BaseCacheProps {
  readonly platform: Platform;
  /** Registries to cache, each host once. */
  readonly registries: readonly CachedRegistry[];
}

/**
 * Pull-through cache rules for base images, and the template of the repositories that ECR creates for them. `docs/how-to/base-images.md` describes
 * how the catalog names a cached base image.
 */
export class BaseCache extends Construct {
  readonly rules: ReadonlyMap<CachedHost, ecr.CfnPullThroughCacheRule>;
  readonly template: ecr.CfnRepositoryCreationTemplate;

  /** @throws Error for a host that ECR does not cache, a duplicate host, and a missing or unusable secret */
  constructor(scope: Construct, id: string, { platform, registries }: BaseCacheProps) {
    super(scope, id);
    const prefix = baseCachePrefix(platform);
    this.template = new ecr.CfnRepositoryCreationTemplate(this, 'Template', {
      prefix,
      appliedFor: ['PULL_THROUGH_CACHE'],
      description: `Cached base images of ${platform.name}`,
      encryptionConfiguration: { encryptionType: 'AES256' },
      // ECR fetches a new version of a tag only if tags are mutable. Builds use digests.
      imageTagMutability: 'MUTABLE',
    });
    const rules = new Map<CachedHost, ecr.CfnPullThroughCacheRule>();
    for (const registry of registries) {
      const { host, secretArn } = registry;
      if (rules.has(host)) {
        throw new Error(`\`baseCache\` must name each host once, got twice: ${host}`);
      }
      const { url, folder } = requireUpstream(registry);
      const rule = new ecr.CfnPullThroughCacheRule(this, host, {
        ecrRepositoryPrefix: `${prefix}/${folder}`,
        upstreamRegistryUrl: url,
        credentialArn: secretArn,
      });
      // Otherwise ECR could create a repository before the template exists.
      rule.addResourceDependency(this.template);
      rules.set(host, rule);
    }
    this.rules = rules;
  }
}

function requireUpstream({ host, secretArn }: CachedRegistry): (typeof upstreams)[CachedHost] {
  const upstream = upstreams[host];
  if (upstream === undefined) {
    throw new Error(
      `\`baseCache.host\` must be a registry that ECR caches (${Object.keys(upstreams).join(', ')}), got: ${host}. Copy base images of other registries by digest: docs/how-to/base-images.md`,
    );
  }
  if (upstream.needsSecret && secretArn === undefined) {
    const alternative =
      host === 'docker.io' ? '; the official images are also on public.ecr.aws/docker/library, without a login' : '';
    throw new Error(
      `\`baseCache.secretArn\` is required for ${host}, which ECR caches only with a login${alternative}`,
    );
  }
  if (secretArn !== undefined && !/:secretsmanager:[^:]+:[0-9]{12}:secret:ecr-pullthroughcache\/./.test(secretArn)) {
    throw new Error(
      `\`baseCache.secretArn\` must be the ARN of a secret whose name begins with ecr-pullthroughcache/, got: ${secretArn}`,
    );
  }
  return upstream;
}
