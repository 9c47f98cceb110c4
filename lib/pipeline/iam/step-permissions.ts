import type { Platform, Service } from '../../catalog';
import { binariesEventSource, binariesEventType } from '../../release';
import { platformNames, serviceNames } from '../names';
import { arnsOf } from './arns';
import { moduleCredentialPermissions } from './module-permissions';
import type { Permission } from './permission';
import {
  artifactPermissions,
  baseImagePermissions,
  ledgerPermissions,
  logAndLoginPermissions,
  pullImageActions,
  pushImageActions,
  randomArtifactNames,
  readObjectActions,
  sha256Wildcard,
  sharedByAllServices,
  stepProjectPermissions,
  writeObjectActions,
} from './shared-permissions';
import { clonePermissions } from './source-permissions';

/** An object in S3 that a project downloads. */
export interface ObjectLocation {
  readonly bucket: string;
  readonly key: string;
}

/** The objects in S3 that a pipeline runs: the command line, and a catalog. */
export interface BundleObjects extends ObjectLocation {
  /** Key of the catalog in the same bucket. */
  readonly catalogKey: string;
}

/**
 * The build of one service: pushes its image and cache. It has no signing key, and no access to other repositories. Its only secret is the
 * credential for private modules, if the catalog names one.
 */
export function buildPermissions(platform: Platform, service: Service): readonly Permission[] {
  const arns = arnsOf(platform);
  const names = serviceNames(platform, service.name);
  return [
    ...stepProjectPermissions(platform, arns, names.buildProject),
    {
      id: 'ReadSourceAndBundle',
      actions: readObjectActions,
      resources: ['Source', 'Bowline', 'Catalog'].map((artifact) => arns.artifacts(names.pipeline, artifact)),
      wildcard: randomArtifactNames,
    },
    {
      id: 'WriteBuilt',
      actions: writeObjectActions,
      resources: [arns.artifacts(names.pipeline, 'Built')],
      wildcard: randomArtifactNames,
    },
    {
      id: 'PushImageAndCache',
      actions: [...pullImageActions, ...pushImageActions],
      resources: [arns.repository(names.images), arns.repository(names.cache)],
    },
    ...baseImagePermissions(platform, arns),
    ...(service.build.binaries.length === 0 ? [] : binaryPermissions(platform, service)),
    ...moduleCredentialPermissions(arns, [service]),
    ...clonePermissions(platform, arns, [service]),
  ];
}

function binaryPermissions(platform: Platform, service: Service): readonly Permission[] {
  const bucket = arnsOf(platform).bucket(platformNames(platform).binariesBucket);
  return [
    {
      id: 'StoreBinaries',
      actions: ['s3:GetObject', 's3:PutObject'],
      // The files by name, not everything below the service: signatures are there too.
      resources: [`${service.name}-*`, 'SHA256SUMS'].map(
        (file) => `${bucket}/${service.name}/${sha256Wildcard}/${file}`,
      ),
      wildcard: 'the path of a binary has the hash of the release, and its name the target platform',
    },
  ];
}

/** The project that builds the toolbox. It has no access to releases. */
export function toolboxPermissions(platform: Platform, context: ObjectLocation): readonly Permission[] {
  const arns = arnsOf(platform);
  const { project, repository } = platformNames(platform).toolbox;
  return [
    ...logAndLoginPermissions(arns, project),
    {
      id: 'PushToolbox',
      actions: [...pullImageActions, ...pushImageActions],
      resources: [arns.repository(repository)],
    },
    ...baseImagePermissions(platform, arns),
    { id: 'ReadContext', actions: readObjectActions, resources: [`${arns.bucket(context.bucket)}/${context.key}`] },
    {
      id: 'FindContext',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
      resources: [arns.bucket(context.bucket)],
    },
  ];
}

/**
 * The scan of every service: reads images, and the credentials for private modules. The list is short, because scanners run with these permissions.
 */
export function scanPermissions(platform: Platform, services: readonly Service[]): readonly Permission[] {
  const arns = arnsOf(platform);
  return [
    ...stepProjectPermissions(platform, arns, platformNames(platform).project('scan')),
    ...artifactPermissions(platform, arns, { inputs: ['Source', 'Bowline', 'Catalog', 'Built'], output: 'Scanned' }),
    {
      id: 'PullImages',
      actions: pullImageActions,
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: sharedByAllServices,
    },
    ...moduleCredentialPermissions(arns, services),
    ...clonePermissions(platform, arns, services),
  ];
}

/** The only role that may sign. It reads images, and writes to signature repositories only. */
export function signPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  const { classes, keyAlias, binariesBucket } = platformNames(platform);
  const binaries = arns.bucket(binariesBucket);
  return [
    ...stepProjectPermissions(platform, arns, platformNames(platform).project('sign')),
    ...artifactPermissions(platform, arns, { inputs: ['Bowline', 'Catalog', 'Scanned', 'Signed*'], output: 'Signed*' }),
    {
      id: 'PullImages',
      actions: pullImageActions,
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: sharedByAllServices,
    },
    {
      id: 'PushSignatures',
      actions: pushImageActions,
      resources: [arns.repository(`${platform.name}/signatures/*`)],
      wildcard: sharedByAllServices,
    },
    {
      id: 'ReadChecksums',
      actions: ['s3:GetObject'],
      resources: [`${binaries}/*/SHA256SUMS`],
      wildcard: 'the path of binaries has their hash',
    },
    {
      id: 'SignBinaries',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${binaries}/*/signatures/*.json`],
      wildcard: 'signatures are stored beside the binaries, whose path has their hash',
    },
    {
      // Without this permission, S3 answers "access denied" instead of "no such key" for a missing object.
      id: 'FindBinaries',
      actions: ['s3:ListBucket'],
      resources: [binaries],
    },
    {
      id: 'AnnounceBinaries',
      actions: ['events:PutEvents'],
      resources: [arns.eventBus('default')],
      // A request has several events, so both keys have several values, which StringEquals does not compare
      // (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-bus-example-policy-cross-account-custom-bus-source.html).
      conditions: {
        'ForAllValues:StringEquals': { 'events:source': binariesEventSource, 'events:detail-type': binariesEventType },
        Null: { 'events:source': 'false', 'events:detail-type': 'false' },
      },
    },
    {
      id: 'Sign',
      // cosign reads the public key and its algorithms before it signs.
      actions: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
      resources: [arns.key('*')],
      wildcard:
        "keys are identified by their alias, so that a class can get a new key; the condition names the aliases, and the key's own policy must name this role",
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': classes.map(keyAlias) } },
    },
  ];
}

/** Promote verifies with committed public keys, so it uses no key. It writes to git with one credential, and nowhere on AWS. */
export function promotePermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  return [
    ...stepProjectPermissions(platform, arns, platformNames(platform).project('promote')),
    ...artifactPermissions(platform, arns, { inputs: ['Bowline', 'Catalog', 'Signed*'], output: 'Promoted*' }),
    {
      id: 'PullImagesAndSignatures',
      actions: pullImageActions,
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: sharedByAllServices,
    },
    ...ledgerPermissions(platform, arns, 'write'),
  ];
}
