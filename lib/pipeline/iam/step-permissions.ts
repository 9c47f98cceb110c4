import type { Platform, Service } from '../../catalog';
import { binariesEventSource, binariesEventType } from '../../release';
import { platformNames, serviceNames } from '../names';
import { arnsOf } from './arns';
import type { Permission } from './permission';
import {
  allServices,
  sha256Wildcard,
  artifactNames,
  artifacts,
  common,
  ledgerCredential,
  logAndLoginPermissions,
  pull,
  baseImagePermissions,
  push,
  read,
  write,
} from './shared-permissions';

/** The build of one service: pushes its image and its cache. No signing key, no other repository, no secret. */
export function buildPermissions(platform: Platform, service: Service): readonly Permission[] {
  const arns = arnsOf(platform);
  const names = serviceNames(platform, service.name);
  return [
    ...common(platform, arns, names.buildProject),
    {
      id: 'ReadSourceAndBundle',
      actions: read,
      resources: [arns.artifacts(names.pipeline, 'Source'), arns.artifacts(names.pipeline, 'Bowline')],
      wildcard: artifactNames,
    },
    { id: 'WriteBuilt', actions: write, resources: [arns.artifacts(names.pipeline, 'Built')], wildcard: artifactNames },
    {
      id: 'PushImageAndCache',
      actions: [...pull, ...push],
      resources: [arns.repository(names.images), arns.repository(names.cache)],
    },
    ...baseImagePermissions(platform, arns),
    ...(service.build.binaries.length === 0
      ? []
      : [
          {
            id: 'KeepBinaries',
            actions: ['s3:GetObject', 's3:PutObject'],
            // The files themselves, and not all below the service's name: signatures lie there, too.
            resources: [`${service.name}-*`, 'SHA256SUMS'].map(
              (file) => `${arns.bucket(platformNames(platform).binariesBucket)}/${service.name}/${sha256Wildcard}/${file}`,
            ),
            wildcard: 'binaries lie by the hash of what they are, and are named by their platforms',
          },
          {
            id: 'FindBinaries',
            actions: ['s3:ListBucket'],
            resources: [arns.bucket(platformNames(platform).binariesBucket)],
          },
        ]),
  ];
}

/** The project that makes the toolbox: nothing of a release is in its reach. */
export function toolboxPermissions(
  platform: Platform,
  context: { readonly bucket: string; readonly key: string },
): readonly Permission[] {
  const arns = arnsOf(platform);
  const { project, repository } = platformNames(platform).toolbox;
  return [
    ...logAndLoginPermissions(arns, project),
    { id: 'PushToolbox', actions: [...pull, ...push], resources: [arns.repository(repository)] },
    ...baseImagePermissions(platform, arns),
    { id: 'ReadContext', actions: read, resources: [`${arns.bucket(context.bucket)}/${context.key}`] },
    {
      id: 'FindContext',
      actions: ['s3:GetBucketAcl', 's3:GetBucketLocation'],
      resources: [arns.bucket(context.bucket)],
    },
  ];
}

/** The scan of every service: reads images. Scanners run with these rights, so they are few. */
export function scanPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  return [
    ...common(platform, arns, platformNames(platform).project('scan')),
    ...artifacts(platform, arns, ['Source', 'Bowline', 'Built'], 'Scanned'),
    { id: 'PullImages', actions: pull, resources: [arns.repository(`${platform.name}/*`)], wildcard: allServices },
  ];
}

/** The only role that may sign. It reads images, and writes to signature repositories alone. */
export function signPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  const { classes, keyAlias, binariesBucket } = platformNames(platform);
  const binaries = arns.bucket(binariesBucket);
  return [
    ...common(platform, arns, platformNames(platform).project('sign')),
    ...artifacts(platform, arns, ['Bowline', 'Scanned', 'Signed*'], 'Signed*'),
    { id: 'PullImages', actions: pull, resources: [arns.repository(`${platform.name}/*`)], wildcard: allServices },
    {
      id: 'PushSignatures',
      actions: push,
      resources: [arns.repository(`${platform.name}/signatures/*`)],
      wildcard: allServices,
    },
    {
      id: 'ReadChecksums',
      actions: ['s3:GetObject'],
      resources: [`${binaries}/*/SHA256SUMS`],
      wildcard: 'binaries lie by the hash of what they are',
    },
    {
      id: 'SignBinaries',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: [`${binaries}/*/signatures/*.json`],
      wildcard: 'signatures lie beside the binaries, which lie by the hash of what they are',
    },
    {
      // S3 says "no such key" only to those who may list; to others it says "denied", and that is no answer.
      id: 'FindBinaries',
      actions: ['s3:ListBucket'],
      resources: [binaries],
    },
    {
      id: 'TellOfBinaries',
      actions: ['events:PutEvents'],
      resources: [arns.eventBus('default')],
      conditions: { StringEquals: { 'events:source': binariesEventSource, 'events:detail-type': binariesEventType } },
    },
    {
      id: 'Sign',
      // cosign asks for the key's public half and its algorithms before it signs.
      actions: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
      resources: [arns.key('*')],
      wildcard:
        "keys are known by their alias, so that a class can get a new key; the condition names the aliases, and the key's own policy has to name this role",
      conditions: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': classes.map(keyAlias) } },
    },
  ];
}

/** Promotion verifies with committed public keys, so it needs no key; it writes to git, by one credential, and nowhere on AWS. */
export function promotePermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  return [
    ...common(platform, arns, platformNames(platform).project('promote')),
    ...artifacts(platform, arns, ['Bowline', 'Signed*'], 'Promoted*'),
    {
      id: 'PullImagesAndSignatures',
      actions: pull,
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: allServices,
    },
    ...ledgerCredential(platform, arns),
  ];
}
