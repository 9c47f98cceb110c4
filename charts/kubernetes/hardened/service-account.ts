import { ServiceAccount as PlusServiceAccount } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { patchManifest } from './patch-manifest';

/** Properties of a {@link ServiceAccount}. */
export interface ServiceAccountProps {
  readonly metadata: Metadata;
}

/** A service account whose token for the API server is never mounted into pods. */
export class ServiceAccount extends PlusServiceAccount {
  constructor(scope: Construct, id: string, { metadata }: ServiceAccountProps) {
    super(scope, id, { metadata, automountToken: false });
    patchManifest(this.apiObject);
  }
}
