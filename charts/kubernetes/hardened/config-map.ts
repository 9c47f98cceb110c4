import { JsonPatch } from 'cdk8s';
import { ConfigMap as PlusConfigMap } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { removalPatches } from './overridden-defaults';
import { patchManifest } from './patch-manifest';

/** Properties of a {@link ConfigMap}. */
export interface ConfigMapProps {
  readonly metadata: Metadata;
  /** Content by key. */
  readonly data: Readonly<Record<string, string>>;
  /** The content of this name never changes, and the kubelet does not watch it. @default false */
  readonly immutable?: boolean;
}

/** A ConfigMap that leaves `immutable` out unless it is true, so that it can be merged into one that something else created. */
export class ConfigMap extends PlusConfigMap {
  constructor(scope: Construct, id: string, props: ConfigMapProps) {
    super(scope, id, props);
    patchManifest(this.apiObject, [
      ...(props.immutable === true ? [] : removalPatches('ConfigMap')),
      // The package leaves `data` out if all of its texts are empty (lib/utils.js: undefinedIfEmpty).
      ...(Object.keys(props.data).length === 0 ? [] : [JsonPatch.add('/data', { ...props.data })]),
    ]);
  }
}
