import { aws_codebuild as codebuild, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { durationSeconds } from '../../values';
import { buildPermissions, promotePermissions, scanPermissions, signPermissions } from '../iam/step-permissions';
import { platformNames, serviceNames } from '../names';
import { verbSteps } from '../release-plan/step-commands';
import { SigningKeys } from './signing-keys';
import { VerbProject } from './step-project';
import type { GitOpsWriter, ImageBuilder, Signer, VulnerabilityGate } from './strategies';

const computeTypes = {
  small: codebuild.ComputeType.SMALL,
  medium: codebuild.ComputeType.MEDIUM,
  large: codebuild.ComputeType.LARGE,
} as const;

/** `bowline build`: BuildKit in a privileged project of the service's own, which can push its image and sign nothing. */
export class BuildKitBuilder implements ImageBuilder<VerbProject> {
  bindBuilder(scope: Construct, platform: Platform, service: Service): VerbProject {
    const names = serviceNames(platform, service.name);
    return new VerbProject(scope, 'Build', {
      platform,
      projectName: names.buildProject,
      description: `Builds ${service.name}: pushes its image and cache, and can sign nothing`,
      steps: verbSteps.build,
      role: { roleName: names.buildRole, permissions: buildPermissions(platform, service) },
      // BuildKit makes namespaces and mounts.
      privileged: true,
      computeType: computeTypes[service.compute],
      timeout: Duration.seconds(durationSeconds(service.timeout)),
    });
  }
}

/** `bowline scan`: SBOM, scanners and the platform's verdict. */
export class BowlineGate implements VulnerabilityGate<VerbProject> {
  bindGate(scope: Construct, platform: Platform): VerbProject {
    const names = platformNames(platform);
    return new VerbProject(scope, 'Scan', {
      platform,
      projectName: names.project('scan'),
      description: 'SBOM, vulnerabilities, verdict: reads images, and writes nothing but its artifact',
      steps: verbSteps.scan,
      role: { roleName: names.role('scan'), permissions: scanPermissions(platform) },
      // Scanning two platforms and walking the call graph takes memory.
      computeType: codebuild.ComputeType.MEDIUM,
    });
  }
}

/** `bowline sign`: cosign with a KMS key for each class of environments, evidence in repositories of its own. */
export class KmsSigner implements Signer<VerbProject> {
  bindKeys(scope: Construct, platform: Platform): SigningKeys {
    return new SigningKeys(scope, 'Keys', platform, platformNames(platform).role('sign'));
  }

  bindSigner(scope: Construct, platform: Platform): VerbProject {
    const names = platformNames(platform);
    return new VerbProject(scope, 'Sign', {
      platform,
      projectName: names.project('sign'),
      description: 'Signs and attests: the only one that may use the signing keys',
      steps: verbSteps.sign,
      role: { roleName: names.role('sign'), permissions: signPermissions(platform) },
    });
  }
}

/** `bowline promote`: verifies, then writes git by fast-forward. */
export class LedgerWriter implements GitOpsWriter<VerbProject> {
  bindWriter(scope: Construct, platform: Platform): VerbProject {
    const names = platformNames(platform);
    return new VerbProject(scope, 'Promote', {
      platform,
      projectName: names.project('promote'),
      description: 'Verifies and writes the ledger: reads images and signatures, and one git credential',
      steps: verbSteps.promote,
      role: { roleName: names.role('promote'), permissions: promotePermissions(platform) },
    });
  }
}
