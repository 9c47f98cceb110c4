import { aws_iam as iam, aws_kms as kms, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { platformNames, platformTag } from '../names';

export interface SigningKeysProps {
  readonly platform: Platform;
  /** Name of the only role that may sign. The role may be created later. */
  readonly signer: string;
}

/**
 * One signing key per environment class. Each key policy names exactly one signer.
 *
 * During a key rotation a class has two keys, and its alias points to the newest one. The signer uses the alias, so the previous key no longer
 * signs, and its signatures still verify.
 */
export class SigningKeys extends Construct {
  /** Name of the only role that may sign. */
  readonly signer: string;
  /** The key that signs, by class. */
  readonly keys: ReadonlyMap<string, kms.Key>;
  /** Keys that no longer sign, of all classes. */
  readonly previousKeys: readonly kms.Key[];
  /** The alias of the key that signs, by class. */
  readonly aliases: ReadonlyMap<string, kms.Alias>;

  constructor(scope: Construct, id: string, { platform, signer }: SigningKeysProps) {
    super(scope, id);
    this.signer = signer;
    const { classes, keyAlias } = platformNames(platform);
    const keys = new Map<string, kms.Key>();
    const previousKeys: kms.Key[] = [];
    const aliases = new Map<string, kms.Alias>();
    for (const environmentClass of classes) {
      const numbers = platform.signingKeys[environmentClass] ?? [1];
      const classKeys = numbers.map((number) => this.key({ platform, signer, environmentClass, number }));
      const newest = classKeys.pop() as kms.Key;
      keys.set(environmentClass, newest);
      previousKeys.push(...classKeys);
      // A construct of its own, so that CloudFormation moves the alias to another key instead of creating a second alias.
      aliases.set(
        environmentClass,
        new kms.Alias(this, `${environmentClass}.alias`, {
          aliasName: keyAlias(environmentClass),
          targetKey: newest,
        }),
      );
    }
    this.keys = keys;
    this.previousKeys = previousKeys;
    this.aliases = aliases;
  }

  private key({ platform, signer, environmentClass, number }: KeyProps): kms.Key {
    const isFirst = number === 1;
    const key = new kms.Key(this, isFirst ? environmentClass : `${environmentClass}.${number}`, {
      description: `Signs releases for ${environmentClass} environments${isFirst ? '' : ` (key ${number})`}`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      policy: keyPolicy(platform, signer),
      // A deleted key cannot sign again: every running image would need a new signature by another key.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // The deployment policy identifies the keys of the platform by this tag.
    Tags.of(key).add(...platformTag(platform));
    return key;
  }
}

interface KeyProps extends SigningKeysProps {
  readonly environmentClass: string;
  /** Number of the key within its class, from `signingKeys` of the catalog. */
  readonly number: number;
}

/** Actions of an administrator. Signing is missing, and so is creating a grant, which would let another identity sign. */
const administratorActions = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:EnableKey',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:GetPublicKey',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

function keyPolicy(platform: Platform, signer: string): iam.PolicyDocument {
  const arns = arnsOf(platform);
  const account = new iam.ArnPrincipal(arns.accountRoot(platform.pipeline.account));
  const signerArn = arns.role(signer);
  // In a key policy, "*" is the key itself.
  const resources = ['*'];
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ sid: 'Administer', principals: [account], actions: administratorActions, resources }),
      new iam.PolicyStatement({
        sid: 'Sign',
        principals: [account],
        actions: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
        resources,
        // A condition instead of a principal, because KMS rejects a policy with a principal that does not exist yet.
        conditions: { ArnEquals: { 'aws:PrincipalArn': signerArn } },
      }),
      new iam.PolicyStatement({
        sid: 'DenyOtherSigners',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        // A denial overrides an administrator's "kms:*" and every grant.
        actions: ['kms:Sign'],
        resources,
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': signerArn } },
      }),
      new iam.PolicyStatement({
        sid: 'DenyGrants',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['kms:CreateGrant'],
        resources,
      }),
    ],
  });
}
