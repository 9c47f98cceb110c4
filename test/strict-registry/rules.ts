/** What ECR refuses or does otherwise than the registry of a local run, each with where that is written. */
export interface Rule {
  /** What is refused, as a sentence. */
  readonly title: string;
  /** HTTP status and error code of the answer. */
  readonly status: number;
  readonly code: string;
  /** The error text, with `{names}` that are filled in. */
  readonly message: string;
  readonly source: string;
}

const rules = {
  'repository-unknown': {
    title: 'a repository that nobody created',
    status: 404,
    code: 'NAME_UNKNOWN',
    message: "The repository with name '{repository}' does not exist in the registry with id '111111111111'",
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html (RepositoryNotFoundException)',
  },
  'immutable-tag': {
    title: 'a tag that exists in an immutable repository, also for the same image, unless a filter excludes it',
    status: 400,
    code: 'TAG_INVALID',
    message:
      "The image tag '{tag}' already exists in the '{repository}' repository and cannot be overwritten because the repository is immutable.",
    source:
      'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html, https://github.com/moby/buildkit/issues/3776, https://github.com/aws/containers-roadmap/issues/2380',
  },
  'absent-subject': {
    title: 'a manifest whose subject is not in the repository',
    status: 405,
    code: 'UNSUPPORTED',
    message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    source: 'https://github.com/aws/containers-roadmap/issues/2783, https://github.com/moby/buildkit/issues/5747',
  },
  'absent-image': {
    title: 'an index with an image that is not in the repository',
    status: 400,
    code: 'MANIFEST_BLOB_UNKNOWN',
    message:
      "Images with digests '[{digests}]' required for pushing image into repository with name '{repository}' in the registry with id '111111111111' do not exist",
    source:
      'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html (ReferencedImagesNotFoundException), https://github.com/int128/docker-manifest-create-action/pull/63',
  },
  'absent-layer': {
    title: 'an image with a layer or a configuration that is not in the repository',
    status: 400,
    code: 'BLOB_UPLOAD_UNKNOWN',
    message:
      "Layers with digests '[{digests}]' required for pushing image into repository with name '{repository}' in the registry with id '111111111111' do not exist",
    source:
      'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_PutImage.html (LayersNotFoundException), https://github.com/oras-project/oras-py/issues/54',
  },
  'media-type-parameter': {
    title: 'a media type with parameters',
    status: 405,
    code: 'UNSUPPORTED',
    message: "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON syntax'",
    source: 'https://github.com/sigstore/sigstore-js/pull/1058',
  },
  'referenced-image': {
    title: 'the deletion of an image that an index names',
    status: 400,
    code: 'MANIFEST_INVALID',
    message: 'Requested image referenced by manifest list: [{digests}] (ImageReferencedByManifestList)',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ImageFailure.html',
  },
} as const satisfies Readonly<Record<string, Rule>>;

export type RuleId = keyof typeof rules;

export const registryRules: Readonly<Record<RuleId, Rule>> = rules;

/** What ECR does without a refusal. The program of the strict registry behaves so. */
export const registryBehaviors = [
  {
    title: 'lists the manifests with a subject over the referrers API, and confirms the subject of a push',
    source: 'https://aws.amazon.com/blogs/opensource/diving-into-oci-image-and-distribution-1-1-support-in-amazon-ecr',
  },
  {
    title: 'mounts no layer of another repository, unless the registry is set so: the client uploads it',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html',
  },
  {
    title: 'deletes what refers to a subject after the subject',
    source: 'https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-signing.html',
  },
] as const;
