import { Namespace as PlusNamespace } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { removalPatches } from './overridden-defaults';
import { patchManifest } from './patch-manifest';

/** Properties of a {@link Namespace}. */
export interface NamespaceProps {
  /** Labels decide what may run in the namespace, for example those of pod security admission. */
  readonly metadata: Metadata;
}

/** A namespace without a spec. */
export class Namespace extends PlusNamespace {
  constructor(scope: Construct, id: string, props: NamespaceProps) {
    super(scope, id, props);
    patchManifest(this.apiObject, removalPatches('Namespace'));
  }
}
