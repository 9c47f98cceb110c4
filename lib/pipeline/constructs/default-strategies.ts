import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { durationSeconds } from '../../values';
import { clonesSource } from '../iam/source-permissions';
import { buildPermissions, promotePermissions, scanPermissions, signPermissions } from '../iam/step-permissions';
import { platformNames, serviceNames } from '../names';
import { stepCommands } from '../release-plan/step-commands';
import { buildCompute, scanCompute } from './compute';
import { SigningKeys } from './signing-keys';
import { StepProject } from './step-project';
import type { GitOpsWriter, ImageBuilder, Signer, VulnerabilityGate } from './strategies';

/** Builds images with `bowline build`: BuildKit in one privileged project per service, whose role pushes the image and cannot sign. */
export class BuildKitBuilder implements ImageBuilder<StepProject> {
  bindBuilder(scope: Construct, platform: Platform, service: Service): StepProject {
    const names = serviceNames(platform, service.name);
    return new StepProject(scope, 'Build', {
      platform,
      projectName: names.buildProject,
      description: `Builds ${service.name}: pushes its image and cache, and cannot sign`,
      commands: { ...stepCommands.build, gitCredentials: clonesSource(service) },
      role: { roleName: names.buildRole, permissions: buildPermissions(platform, service) },
      // BuildKit creates namespaces and mounts.
      privileged: true,
      computeType: buildCompute(service),
      timeout: Duration.seconds(durationSeconds(service.timeout)),
    });
  }
}

/** Scans images with `bowline scan`: SBOM, scanners and the verdict of the gate. */
export class BowlineGate implements VulnerabilityGate<StepProject> {
  bindGate(scope: Construct, platform: Platform, services: readonly Service[]): StepProject {
    const names = platformNames(platform);
    return new StepProject(scope, 'Scan', {
      platform,
      projectName: names.project('scan'),
      description: 'Creates SBOM, vulnerability reports and verdict: reads images, and writes only its artifact',
      commands: { ...stepCommands.scan, gitCredentials: services.some(clonesSource) },
      role: { roleName: names.role('scan'), permissions: scanPermissions(platform, services) },
      computeType: scanCompute,
    });
  }
}

/** Signs images with `bowline sign`: cosign with one KMS key per environment class. Evidence is in separate repositories. */
export class KmsSigner implements Signer<StepProject> {
  bindKeys(scope: Construct, platform: Platform): SigningKeys {
    return new SigningKeys(scope, 'Keys', { platform, signer: platformNames(platform).role('sign') });
  }

  bindSigner(scope: Construct, platform: Platform): StepProject {
    const names = platformNames(platform);
    return new StepProject(scope, 'Sign', {
      platform,
      projectName: names.project('sign'),
      description: 'Signs and attests: the only project that may use the signing keys',
      commands: stepCommands.sign,
      role: { roleName: names.role('sign'), permissions: signPermissions(platform) },
    });
  }
}

/** Writes the ledger with `bowline promote`: verifies the release, then pushes to git by fast-forward. */
export class LedgerWriter implements GitOpsWriter<StepProject> {
  bindWriter(scope: Construct, platform: Platform): StepProject {
    const names = platformNames(platform);
    return new StepProject(scope, 'Promote', {
      platform,
      projectName: names.project('promote'),
      description: 'Verifies releases and writes the ledger: reads images, signatures and one git credential',
      commands: stepCommands.promote,
      role: { roleName: names.role('promote'), permissions: promotePermissions(platform) },
    });
  }
}
