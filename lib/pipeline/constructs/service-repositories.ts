import { Duration, aws_ecr as ecr, aws_iam as iam, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { accept } from '../accept';
import { arnsOf } from '../iam/arns';
import { serviceNames } from '../names';

/** The three registries of a service: images that never change, their evidence apart, and the cache of layers apart from both. */
export class ServiceRepositories extends Construct {
  readonly images: ecr.Repository;
  readonly signatures: ecr.Repository;
  readonly cache: ecr.Repository;

  constructor(scope: Construct, id: string, platform: Platform, service: string) {
    super(scope, id);
    const names = serviceNames(platform, service);
    // No rule expires anything here: what a cluster runs must be there when a node asks for it, years later too.
    this.images = new ecr.Repository(this, 'Images', {
      repositoryName: names.images,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // Evidence has no tag and no subject beside it (the image is in another repository), so a rule for untagged images would eat it.
    this.signatures = new ecr.Repository(this, 'Signatures', {
      repositoryName: names.signatures,
      imageTagMutability: ecr.TagMutability.IMMUTABLE_WITH_EXCLUSION,
      // The index of what refers to an image grows with every attestation, where a registry does not keep it itself.
      imageTagMutabilityExclusionFilters: [ecr.ImageTagMutabilityExclusionFilter.wildcard('sha256-*')],
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.cache = new ecr.Repository(this, 'Cache', {
      repositoryName: names.cache,
      // A cache tag in an immutable repository would be written once and then never again.
      imageTagMutability: ecr.TagMutability.MUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      // It can be had back by building.
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
      lifecycleRules: [
        {
          rulePriority: 1,
          description: 'caches that were replaced',
          tagStatus: ecr.TagStatus.UNTAGGED,
          maxImageAge: Duration.days(1),
        },
        {
          rulePriority: 2,
          description: 'a cache that no build renewed for a month',
          tagStatus: ecr.TagStatus.ANY,
          maxImageAge: Duration.days(30),
        },
      ],
    });
    for (const repository of [this.images, this.signatures, this.cache]) {
      accept(repository, {
        checkov: ['CKV_AWS_136'],
        reason:
          'ECR encrypts every image; with a key of our own, an image that runs could not be pulled any more once the key is gone',
      });
    }
    accept(this.signatures, {
      checkov: ['CKV_AWS_51'],
      reason:
        'checkov does not know IMMUTABLE_WITH_EXCLUSION: only the index of what refers to an image (sha256-…) may change',
    });
    accept(this.cache, { checkov: ['CKV_AWS_51'], reason: 'a cache moves its tag; no image is deployed from here' });
    this.pulledFrom(platform);
  }

  /** Nodes pull images, and admission reads signatures, from the environments' own accounts. */
  private pulledFrom(platform: Platform): void {
    const { account } = platform.pipeline;
    const arns = arnsOf(platform);
    const others = [...new Set(platform.environments.map((environment) => environment.account))].filter(
      (other) => other !== account,
    );
    if (others.length === 0) {
      return;
    }
    for (const repository of [this.images, this.signatures]) {
      repository.addToResourcePolicy(
        new iam.PolicyStatement({
          sid: 'EnvironmentsPull',
          principals: others.map((other) => new iam.ArnPrincipal(arns.accountRoot(other))),
          actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        }),
      );
    }
  }
}
