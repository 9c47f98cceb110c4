import { Namespace as PlusNamespace } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { removals } from './overridden-defaults';
import { correct } from './patch-manifest';

/** A namespace; what may run in it is for its labels to say. */
export class Namespace extends PlusNamespace {
  constructor(scope: Construct, id: string, props: { readonly metadata: Metadata }) {
    super(scope, id, props);
    correct(this.apiObject, removals('Namespace'));
  }
}
