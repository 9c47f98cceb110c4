import { ConfigMap as PlusConfigMap } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { removals } from './overridden-defaults';
import { correct } from './patch-manifest';

export interface ConfigMapProps {
  readonly metadata: Metadata;
  readonly data: Readonly<Record<string, string>>;
}

/** Texts that somebody else reads. Whether they may ever change is for whom they belong to. */
export class ConfigMap extends PlusConfigMap {
  constructor(scope: Construct, id: string, props: ConfigMapProps) {
    super(scope, id, props);
    correct(this.apiObject, removals('ConfigMap'));
  }
}
