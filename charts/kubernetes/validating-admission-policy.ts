import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface Validation {
  /** CEL, true where all is well. */
  readonly expression: string;
  /** CEL that gives the sentence which a person reads. */
  readonly messageExpression: string;
}

export interface ValidatingAdmissionPolicyProps {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly rules: readonly { readonly group: string; readonly resources: readonly string[] }[];
  /** Labels of the namespaces that it holds in. */
  readonly namespaceLabels: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly validations: readonly Validation[];
}

/**
 * A policy that the API server itself holds, with its binding: no webhook that could be away when a rollback needs its pods.
 * Whatever can not be judged is refused.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class ValidatingAdmissionPolicy extends ApiObject {
  constructor(scope: Construct, id: string, props: ValidatingAdmissionPolicyProps) {
    const metadata = { name: props.name, labels: { ...props.labels }, annotations: { ...props.annotations } };
    super(scope, id, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: { matchLabels: { ...props.namespaceLabels } },
          resourceRules: props.rules.map(({ group, resources }) => ({
            apiGroups: [group],
            apiVersions: ['v1'],
            operations: ['CREATE', 'UPDATE'],
            resources: [...resources],
          })),
        },
        variables: Object.entries(props.variables).map(([name, expression]) => ({ name, expression })),
        validations: props.validations.map(({ expression, messageExpression }) => ({
          expression,
          messageExpression,
          reason: 'Forbidden',
        })),
      },
    });
    new ApiObject(scope, `${id}Binding`, {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: props.name, validationActions: ['Deny'] },
    });
  }
}
