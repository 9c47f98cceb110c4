import type { Platform } from '../../catalog';
import { platformNames } from '../names';
import { arnsOf } from './arns';
import type { Permission } from './permission';
import { runPipelinePermissions } from './pipeline-permissions';
import {
  ledgerPermissions,
  pullImageActions,
  randomArtifactNames,
  readObjectActions,
  sharedByAllServices,
  stepProjectPermissions,
  writeObjectActions,
} from './shared-permissions';
import type { BundleObjects } from './step-permissions';

/** The list of what runs. It reads the ledger, and runs no scanner: whatever runs beside the credential of the ledger could use it. */
export function listReleasesPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  const { pipeline, listProject } = platformNames(platform).rescan;
  return [
    ...stepProjectPermissions(platform, arns, listProject),
    {
      id: 'ReadBundle',
      actions: readObjectActions,
      resources: [arns.artifacts(pipeline, 'Bowline'), arns.artifacts(pipeline, 'Catalog')],
      wildcard: randomArtifactNames,
    },
    {
      id: 'WriteList',
      actions: writeObjectActions,
      resources: [arns.artifacts(pipeline, 'Running')],
      wildcard: randomArtifactNames,
    },
    ...ledgerPermissions(platform, arns, 'read'),
  ];
}

/** The judgement of what runs. Scanners run with these permissions: it reads images and signatures, and writes nothing but its log. */
export function rescanPermissions(platform: Platform): readonly Permission[] {
  const arns = arnsOf(platform);
  const { pipeline, project } = platformNames(platform).rescan;
  return [
    ...stepProjectPermissions(platform, arns, project),
    {
      id: 'ReadBundleAndList',
      actions: readObjectActions,
      resources: ['Bowline', 'Catalog', 'Running'].map((artifact) => arns.artifacts(pipeline, artifact)),
      wildcard: randomArtifactNames,
    },
    {
      id: 'PullImagesAndSignatures',
      actions: pullImageActions,
      resources: [arns.repository(`${platform.name}/*`)],
      wildcard: sharedByAllServices,
    },
  ];
}

/** The pipeline that lists and judges what runs. */
export function rescanPipelinePermissions(platform: Platform, bundle: BundleObjects): readonly Permission[] {
  const { pipeline, listProject, project } = platformNames(platform).rescan;
  return runPipelinePermissions({ platform, pipeline, projects: [listProject, project], bundle });
}

/** The rule that starts this pipeline. */
export function rescanSchedulePermissions(platform: Platform): readonly Permission[] {
  const { pipeline } = platformNames(platform).rescan;
  return [
    {
      id: 'StartRescan',
      actions: ['codepipeline:StartPipelineExecution'],
      resources: [arnsOf(platform).pipeline(pipeline)],
    },
  ];
}
