import { type CfnResource, Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Findings of other people's checkers that we live with, and why. */
export interface Accepted {
  /** cdk-nag's, such as `AwsSolutions-S1`. */
  readonly nag?: readonly string[];
  /** checkov's, such as `CKV_AWS_18`. */
  readonly checkov?: readonly string[];
  /** A sentence for a reviewer. */
  readonly reason: string;
}

/** Accepts findings on the spot: the reason goes to cdk-nag's report, and into the template where checkov looks for it. */
export function accept(construct: Construct, { nag = [], checkov = [], reason }: Accepted): void {
  for (const rule of nag) {
    Validations.of(construct).acknowledge({ id: `AwsSolutions::${rule}`, reason });
  }
  const resource = (construct.node.defaultChild ?? construct) as CfnResource;
  const known = (resource.getMetadata('checkov') as { skip?: readonly object[] } | undefined)?.skip ?? [];
  if (checkov.length > 0) {
    resource.addMetadata('checkov', { skip: [...known, ...checkov.map((id) => ({ id, comment: reason }))] });
  }
}
