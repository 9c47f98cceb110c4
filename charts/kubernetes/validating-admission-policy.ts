import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from './metadata';

export interface ValidatingAdmissionPolicyProps {
  readonly metadata: Metadata;
  /** Labels of the namespaces that it holds in. */
  readonly namespaces: Readonly<Record<string, string>>;
}

/**
 * A policy that the API server itself holds, with its binding: no webhook that could be away when a rollback needs its pods.
 * Whatever can not be judged is refused.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class ValidatingAdmissionPolicy extends ApiObject {
  private readonly rules: object[];
  private readonly variables: object[];
  private readonly validations: object[];

  constructor(scope: Construct, id: string, { metadata, namespaces }: ValidatingAdmissionPolicyProps) {
    const resourceRules: object[] = [];
    const variables: object[] = [];
    const validations: object[] = [];
    super(scope, id, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: { matchLabels: { ...namespaces } },
          resourceRules,
        },
        variables,
        validations,
      },
    });
    this.rules = resourceRules;
    this.variables = variables;
    this.validations = validations;
    new ApiObject(scope, `${id}Binding`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    });
  }

  /** Has these resources of a group asked, in version 1, when they are made and when they change. */
  judge(group: string, ...resources: readonly string[]): void {
    this.rules.push({
      apiGroups: [group],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: [...resources],
    });
  }

  /** Gives a CEL expression a name, for those that come later: `variables.<name>`. */
  define(name: string, expression: string): void {
    this.variables.push({ name, expression });
  }

  /**
   * Denies what something is not true of.
   * @param expression CEL, true where all is well
   * @param otherwise CEL that gives the sentence which a person reads
   */
  require(expression: string, otherwise: string): void {
    this.validations.push({ expression, messageExpression: otherwise, reason: 'Forbidden' });
  }
}
