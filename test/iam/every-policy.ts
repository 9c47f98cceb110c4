import type { Platform } from '../../lib/catalog';
import { boundaryPolicy, deploymentPolicies } from '../../lib/pipeline';
import type { Assembly } from '../pipeline/synthesize';
import { parsePolicy, type Statement } from './policy';
import { resolver } from './resolve';

/** One statement of a policy that Bowline makes. */
export interface PlacedStatement {
  /** Name of the policy and of the statement, for messages. */
  readonly place: string;
  readonly kind: 'identity' | 'resource' | 'trust';
  readonly statement: Statement;
}

/** Every statement of the roles, keys, buckets, topics, repositories and templates of an assembly. */
export function statementsOfTemplates(assembly: Assembly): readonly PlacedStatement[] {
  const found: PlacedStatement[] = [];
  const add = (place: string, kind: PlacedStatement['kind'], document: unknown) =>
    found.push(...placed(place, kind, document));
  for (const [stack, { Resources }] of assembly.templates) {
    const resolve = resolver(Resources);
    for (const [id, { Type, Properties = {} }] of Object.entries(Resources)) {
      const read = (property: string) => resolve(Properties[property]);
      const place = `${stack} ${id}`;
      switch (Type) {
        case 'AWS::IAM::Role':
          add(`${place} (trust)`, 'trust', read('AssumeRolePolicyDocument'));
          for (const { PolicyName, PolicyDocument } of (read('Policies') ?? []) as readonly Record<string, unknown>[]) {
            add(`${place} ${PolicyName}`, 'identity', PolicyDocument);
          }
          break;
        case 'AWS::KMS::Key':
          add(place, 'resource', read('KeyPolicy'));
          break;
        case 'AWS::S3::BucketPolicy':
        case 'AWS::SNS::TopicPolicy':
          add(place, 'resource', read('PolicyDocument'));
          break;
        case 'AWS::ECR::Repository':
          addIfSet(read('RepositoryPolicyText'), (document) => add(place, 'resource', document));
          break;
        case 'AWS::ECR::RepositoryCreationTemplate':
          addIfSet(read('RepositoryPolicy'), (document) => add(place, 'resource', JSON.parse(String(document))));
          break;
        default:
          if (/Policy/.test(Object.keys(Properties).join())) {
            throw new Error(`${place}: ${Type} has a policy that this test does not read`);
          }
      }
    }
  }
  return found;
}

/** Every statement of the permissions boundary and of the deployment policies. */
export function statementsOfDocuments(
  platform: Platform,
  pullRequestConnection: string | undefined,
): readonly PlacedStatement[] {
  return [
    ...placed('the permissions boundary', 'identity', boundaryPolicy(platform, pullRequestConnection)),
    ...deploymentPolicies(platform, pullRequestConnection).flatMap(({ name, document }) =>
      placed(name, 'identity', document),
    ),
  ];
}

function addIfSet(document: unknown, add: (document: unknown) => void): void {
  if (document !== undefined) {
    add(document);
  }
}

function placed(place: string, kind: PlacedStatement['kind'], document: unknown): readonly PlacedStatement[] {
  return parsePolicy(document).map((statement) => ({
    place: `${place} ${statement.sid ?? '(unnamed)'}`,
    kind,
    statement,
  }));
}
