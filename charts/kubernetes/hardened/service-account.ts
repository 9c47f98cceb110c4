import { ServiceAccount as PlusServiceAccount } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { correct } from './patch-manifest';

/** An identity for pods, without a token in them. That is the default of cdk8s-plus-27, and here there is nothing else. */
export class ServiceAccount extends PlusServiceAccount {
  constructor(scope: Construct, id: string, props: { readonly metadata: Metadata }) {
    super(scope, id, { metadata: props.metadata, automountToken: false });
    correct(this.apiObject);
  }
}
