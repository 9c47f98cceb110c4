import { anchoredWebhooks } from './anchored-webhooks';
import { immutableTags } from './immutable-tags';
import { inlineBuildspec } from './inline-buildspec';
import { keptEvidence } from './kept-evidence';
import { logRetention } from './log-retention';
import { namedPermissions } from './named-permissions';
import { noImageExpiry } from './no-image-expiry';
import { noPlaintextSecret } from './no-plaintext-secret';
import { oneSigner } from './one-signer';
import { pinnedImages } from './pinned-images';
import { privilegedBuild } from './privileged-build';
import { queuedPipelines } from './queued-pipelines';
import type { Rule } from './rule';
import { scanOnPush } from './scan-on-push';

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

export { renderRulesPage } from './page';
export { BowlineRules } from './plugin';
export type { Finding, Resource, Resources, Rule } from './rule';
