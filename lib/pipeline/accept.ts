import { type CfnResource, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Findings of third-party template checkers that are accepted, with the reason. */
export interface Accepted {
  /** Rules of cdk-nag, such as `AwsSolutions-S1`. */
  readonly nag?: readonly string[];
  /** Checks of checkov, such as `CKV_AWS_18`. */
  readonly checkov?: readonly string[];
  /** One sentence for a reviewer. */
  readonly reason: string;
}

/** Accepts findings for a construct. The reason appears in the cdk-nag report and in the template metadata that checkov reads. */
export function accept(construct: Construct, { nag = [], checkov = [], reason }: Accepted): void {
  for (const rule of nag) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions::${rule}`, reason });
  }
  if (checkov.length === 0) {
    return;
  }
  const resource = (construct.node.defaultChild ?? construct) as CfnResource;
  const metadata = resource.getMetadata('checkov') as { skip?: readonly object[] } | undefined;
  resource.addMetadata('checkov', {
    skip: [...(metadata?.skip ?? []), ...checkov.map((id) => ({ id, comment: reason }))],
  });
}

/** Log groups use the default encryption of CloudWatch Logs. */
export const defaultLogEncryption: Accepted = {
  checkov: ['CKV_AWS_158'],
  reason:
    'CloudWatch Logs encrypts every log group; pipeline steps log no secrets, and a log would be lost together with a customer managed key',
};

/** Projects run in the toolbox instead of a curated CodeBuild image. */
export const toolboxAsBuildImage: Accepted = {
  nag: ['AwsSolutions-CB5'],
  reason:
    'pipeline steps run in the toolbox, which is pinned by digest and built from checksummed tools; curated images lack some tools and change daily',
};

/** Projects without artifacts have no encryption key. */
export const noArtifactEncryption: Accepted = {
  nag: ['AwsSolutions-CB4'],
  reason: 'the project has no artifact that a key could encrypt',
};
