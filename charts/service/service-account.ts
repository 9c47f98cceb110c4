import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { SyncWave } from '../argocd/sync-wave';
import { ServiceAccount } from '../kubernetes/hardened/service-account';
import { serviceMetadata } from './metadata';

/**
 * The service account of the pods. They get no token of the API server. With a role, the webhook of EKS adds a token for AWS alone, as a
 * projected volume of its own (https://github.com/aws/amazon-eks-pod-identity-webhook).
 */
export function serviceAccount(scope: Construct, service: ServiceInEnvironment): ServiceAccount {
  return new ServiceAccount(scope, 'ServiceAccount', {
    metadata: serviceMetadata(service, SyncWave.permissions, { annotations: roleAnnotations(service)?.serviceAccount }),
  });
}

/**
 * The annotations by which pods get an IAM role. The webhook reads the one of the service account when a pod starts. The one of the pods is for
 * Flagger: without it, a change of the role would not change the pod template, and would reach pods one by one without a canary.
 */
export function roleAnnotations({ role }: Pick<ServiceInEnvironment, 'role'>) {
  return role === undefined
    ? undefined
    : { serviceAccount: { 'eks.amazonaws.com/role-arn': role }, pod: { 'bowline.dev/role': role } };
}
