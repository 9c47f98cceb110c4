import { Namespace as PlusNamespace } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { correct } from './correct';
import { removals } from './defaults';

/** A namespace; what may run in it is for its labels to say. */
export class Namespace extends PlusNamespace {
  constructor(scope: Construct, id: string, props: { readonly metadata: Metadata }) {
    super(scope, id, props);
    correct(this.apiObject, removals('Namespace'));
  }
}
