import { anchoredWebhooks } from './definitions/anchored-webhooks';
import { immutableTags } from './definitions/immutable-tags';
import { inlineBuildspec } from './definitions/inline-buildspec';
import { keptEvidence } from './definitions/kept-evidence';
import { logRetention } from './definitions/log-retention';
import { namedPermissions } from './definitions/named-permissions';
import { noImageExpiry } from './definitions/no-image-expiry';
import { noPlaintextSecret } from './definitions/no-plaintext-secret';
import { oneSigner } from './definitions/one-signer';
import { pinnedImages } from './definitions/pinned-images';
import { privilegedBuild } from './definitions/privileged-build';
import { queuedPipelines } from './definitions/queued-pipelines';
import { scanOnPush } from './definitions/scan-on-push';
import type { Rule } from './rule';

/** Bowline's rules by ID, for requirements that cdk-nag and the CDK's validator do not check. */
export const rules: readonly Rule[] = [
  anchoredWebhooks,
  immutableTags,
  inlineBuildspec,
  keptEvidence,
  logRetention,
  namedPermissions,
  noImageExpiry,
  noPlaintextSecret,
  oneSigner,
  pinnedImages,
  privilegedBuild,
  queuedPipelines,
  scanOnPush,
];

export { BowlineRules } from './plugin';
export type { Finding, Resource, Resources, Rule } from './rule';
