import { aws_iam as iam, aws_kms as kms, RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { platformNames, platformTag } from '../names';

/**
 * One signing key for each class of environments, whose policy names exactly one signer. While a key is being replaced there are two, and the
 * alias leads to the newest: who signs goes by the alias, so that the older one signs no more and still verifies.
 */
export class SigningKeys extends Construct {
  /** The key that signs, by class. */
  readonly keys: ReadonlyMap<string, kms.Key>;
  /** Older ones, which their class still has. */
  readonly older: readonly kms.Key[];

  /** Each class's name for the key that signs. */
  readonly aliases: ReadonlyMap<string, kms.Alias>;

  /** @param signer name of the only role that may sign; it need not exist yet */
  constructor(
    scope: Construct,
    id: string,
    platform: Platform,
    readonly signer: string,
  ) {
    super(scope, id);
    const names = platformNames(platform);
    const older: kms.Key[] = [];
    const aliases = new Map<string, kms.Alias>();
    this.keys = new Map(
      names.classes.map((environmentClass) => {
        const made = (platform.signingKeys[environmentClass] ?? [1]).map((number) =>
          this.key(platform, signer, environmentClass, number),
        );
        const newest = made.pop() as kms.Key;
        older.push(...made);
        // Apart from the key, so that CloudFormation moves it to another one and makes no second.
        aliases.set(
          environmentClass,
          new kms.Alias(this, `${environmentClass}.alias`, {
            aliasName: names.keyAlias(environmentClass),
            targetKey: newest,
          }),
        );
        return [environmentClass, newest];
      }),
    );
    this.older = older;
    this.aliases = aliases;
  }

  private key(platform: Platform, signer: string, environmentClass: string, number: number): kms.Key {
    const key = new kms.Key(this, number === 1 ? environmentClass : `${environmentClass}.${number}`, {
      description: `Signs releases for ${environmentClass} environments${number === 1 ? '' : ` (key ${number})`}`,
      keySpec: kms.KeySpec.ECC_NIST_P256,
      keyUsage: kms.KeyUsage.SIGN_VERIFY,
      policy: keyPolicy(platform, signer),
      // Without its key a signature can't be made again: every image that runs would have to be signed anew.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // By this the right to deploy knows our keys from others of the account.
    Tags.of(key).add(...platformTag(platform));
    return key;
  }
}

/** What an administrator needs, and no more: not to sign, and not to make a grant that lets another sign. */
const administration = [
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
  const role = arns.role(signer);
  // In a key's policy "*" means this key.
  const resources = ['*'];
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({ sid: 'Administer', principals: [account], actions: administration, resources }),
      new iam.PolicyStatement({
        sid: 'Sign',
        principals: [account],
        actions: ['kms:DescribeKey', 'kms:GetPublicKey', 'kms:Sign'],
        resources,
        // By condition and not as principal: KMS refuses a policy that names a role which is not there yet.
        conditions: { ArnEquals: { 'aws:PrincipalArn': role } },
      }),
      new iam.PolicyStatement({
        sid: 'NobodyElseSigns',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        // A denial outweighs every administrator's own "kms:*", and every grant.
        actions: ['kms:Sign'],
        resources,
        conditions: { ArnNotEquals: { 'aws:PrincipalArn': role } },
      }),
      new iam.PolicyStatement({
        sid: 'NobodyGrants',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['kms:CreateGrant'],
        resources,
      }),
    ],
  });
}
