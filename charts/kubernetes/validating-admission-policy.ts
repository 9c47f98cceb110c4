import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from './metadata';

/** Properties of a {@link ValidatingAdmissionPolicy}. */
export interface ValidatingAdmissionPolicyProps {
  readonly metadata: Metadata;
  /** Labels of the namespaces that the policy applies to. */
  readonly namespaces: Readonly<Record<string, string>>;
}

/**
 * A ValidatingAdmissionPolicy with its binding. The API server evaluates it in process, so a rollback never depends on a webhook that may be
 * unavailable. If an expression fails to evaluate, the request is denied.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class ValidatingAdmissionPolicy extends ApiObject {
  private readonly rules: object[];
  private readonly conditions: object[];
  private readonly variables: object[];
  private readonly validations: object[];

  constructor(scope: Construct, id: string, { metadata, namespaces }: ValidatingAdmissionPolicyProps) {
    const resourceRules: object[] = [];
    const matchConditions: object[] = [];
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
        matchConditions,
        variables,
        validations,
      },
    });
    this.rules = resourceRules;
    this.conditions = matchConditions;
    this.variables = variables;
    this.validations = validations;
    new ApiObject(scope, `${id}Binding`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    });
  }

  /** Applies the policy to resources of an API group, in version v1, when they are created and updated. */
  matchResources(group: string, ...resources: readonly string[]): void {
    this.rules.push({
      apiGroups: [group],
      apiVersions: ['v1'],
      operations: ['CREATE', 'UPDATE'],
      resources: [...resources],
    });
  }

  /**
   * Judges a request only if an expression is true. An expression that fails denies the request.
   * @param expression CEL expression. It cannot refer to variables.
   */
  addCondition(name: string, expression: string): void {
    this.conditions.push({ name, expression });
  }

  /** Names a CEL expression. Later expressions refer to it as `variables.<name>`. */
  addVariable(name: string, expression: string): void {
    this.variables.push({ name, expression });
  }

  /**
   * Denies a request unless an expression is true.
   * @param expression CEL expression
   * @param messageExpression CEL expression for the message of the denial
   */
  addRequirement(expression: string, messageExpression: string): void {
    this.validations.push({ expression, messageExpression, reason: 'Forbidden' });
  }
}
