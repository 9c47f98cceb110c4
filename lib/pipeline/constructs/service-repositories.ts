import { Duration, aws_ecr as ecr, aws_iam as iam, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { accept } from '../accept';
import { arnsOf } from '../iam/arns';
import { serviceNames } from '../names';

export interface ServiceRepositoriesProps {
  readonly platform: Platform;
  /** Name of the service. */
  readonly service: string;
}

/** The three ECR repositories of a service: immutable images, their evidence (signatures and attestations) with copies of the images, and the layer cache. */
export class ServiceRepositories extends Construct {
  readonly images: ecr.Repository;
  readonly signatures: ecr.Repository;
  readonly cache: ecr.Repository;

  constructor(scope: Construct, id: string, { platform, service }: ServiceRepositoriesProps) {
    super(scope, id);
    const names = serviceNames(platform, service);
    // Images do not expire, because a node can pull the image of a running workload after years.
    this.images = new ecr.Repository(this, 'Images', {
      repositoryName: names.images,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Neither evidence nor the copies of the images that it is about have a tag, so a lifecycle rule for untagged images would delete them.
    this.signatures = new ecr.Repository(this, 'Signatures', {
      repositoryName: names.signatures,
      imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
      // If a registry does not maintain the index of an image's referrers, cosign updates it with every attestation.
      imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('sha256-*')],
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.cache = new ecr.Repository(this, 'Cache', {
      repositoryName: names.cache,
      // The cache tag is overwritten by every build.
      imageTagMutability: ecr.TagMutability.MUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      // A build recreates it.
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'replaced caches',
          tagStatus: ecr.TagStatus.UNTAGGED,
          maxImageAge: Duration.days(1),
        },
        {
          rulePriority: 2,
          description: 'caches that no build has updated for a month',
          tagStatus: ecr.TagStatus.ANY,
          maxImageAge: Duration.days(30),
        },
      ],
    });
    for (const repository of [this.images, this.signatures, this.cache]) {
      accept(repository, {
        checkov: ['CKV_AWS_136'],
        reason:
          'ECR encrypts every image; with a customer managed key, a running image could no longer be pulled if the key were deleted',
      });
    }
    accept(this.signatures, {
      checkov: ['CKV_AWS_51'],
      reason:
        'checkov does not know IMMUTABLE_WITH_EXCLUSION: only the tag of the index of referrers (sha256-…) is mutable',
    });
    accept(this.cache, {
      checkov: ['CKV_AWS_51'],
      reason: 'every build overwrites the cache tag; no image is deployed from this repository',
    });
    this.allowEnvironmentsToPull(platform);
  }

  /** Nodes pull images, and admission reads signatures, from the accounts of the environments. */
  private allowEnvironmentsToPull(platform: Platform): void {
    const arns = arnsOf(platform);
    const environmentAccounts = new Set(platform.environments.map(({ account }) => account));
    environmentAccounts.delete(platform.pipeline.account);
    if (environmentAccounts.size === 0) {
      return;
    }
    for (const repository of [this.images, this.signatures]) {
      repository.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'EnvironmentsPull',
          principals: [...environmentAccounts].map((account) => new iam.ArnPrincipal(arns.accountRoot(account))),
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        }),
      );
    }
  }
}
