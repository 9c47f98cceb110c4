import { aws_codebuild as codebuild, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { durationSeconds } from '../../values';
import { buildPermissions, promotePermissions, scanPermissions, signPermissions } from '../iam/step-permissions';
import { platformNames, serviceNames } from '../names';
import { stepCommands } from '../release-plan/step-commands';
import { SigningKeys } from './signing-keys';
import { StepProject } from './step-project';
import type { GitOpsWriter, ImageBuilder, Signer, VulnerabilityGate } from './strategies';

const computeTypes = {
  small: codebuild.ComputeType.SMALL,
  medium: codebuild.ComputeType.MEDIUM,
  large: codebuild.ComputeType.LARGE,
} as const;

/** `bowline build`: BuildKit in a privileged project of the service's own, which can push its image and sign nothing. */
export class BuildKitBuilder implements ImageBuilder<StepProject> {
  bindBuilder(scope: Construct, platform: Platform, service: Service): StepProject {
    const names = serviceNames(platform, service.name);
    return new StepProject(scope, 'Build', {
      platform,
      projectName: names.buildProject,
      description: `Builds ${service.name}: pushes its image and cache, and can sign nothing`,
      steps: stepCommands.build,
      role: { roleName: names.buildRole, permissions: buildPermissions(platform, service) },
      // BuildKit makes namespaces and mounts.
      privileged: true,
      computeType: computeTypes[service.compute],
      timeout: Duration.seconds(durationSeconds(service.timeout)),
    });
  }
}

/** `bowline scan`: SBOM, scanners and the platform's verdict. */
export class BowlineGate implements VulnerabilityGate<StepProject> {
  bindGate(scope: Construct, platform: Platform): StepProject {
    const names = platformNames(platform);
    return new StepProject(scope, 'Scan', {
      platform,
      projectName: names.project('scan'),
      description: 'SBOM, vulnerabilities, verdict: reads images, and writes nothing but its artifact',
      steps: stepCommands.scan,
      role: { roleName: names.role('scan'), permissions: scanPermissions(platform) },
      // Scanning two platforms and walking the call graph takes memory.
      computeType: codebuild.ComputeType.MEDIUM,
    });
  }
}

/** `bowline sign`: cosign with a KMS key for each class of environments, evidence in repositories of its own. */
export class KmsSigner implements Signer<StepProject> {
  bindKeys(scope: Construct, platform: Platform): SigningKeys {
    return new SigningKeys(scope, 'Keys', platform, platformNames(platform).role('sign'));
  }

  bindSigner(scope: Construct, platform: Platform): StepProject {
    const names = platformNames(platform);
    return new StepProject(scope, 'Sign', {
      platform,
      projectName: names.project('sign'),
      description: 'Signs and attests: the only one that may use the signing keys',
      steps: stepCommands.sign,
      role: { roleName: names.role('sign'), permissions: signPermissions(platform) },
    });
  }
}

/** `bowline promote`: verifies, then writes git by fast-forward. */
export class LedgerWriter implements GitOpsWriter<StepProject> {
  bindWriter(scope: Construct, platform: Platform): StepProject {
    const names = platformNames(platform);
    return new StepProject(scope, 'Promote', {
      platform,
      projectName: names.project('promote'),
      description: 'Verifies and writes the ledger: reads images and signatures, and one git credential',
      steps: stepCommands.promote,
      role: { roleName: names.role('promote'), permissions: promotePermissions(platform) },
    });
  }
}
