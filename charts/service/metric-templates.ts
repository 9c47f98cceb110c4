import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { percentileSamples } from '../../lib/rollout';
import { SyncWave } from '../argocd/sync-wave';
import { MetricTemplate } from '../flagger/metric-template';
import { canaryRequests, errorPercentage, percentile99 } from '../queries/canary-queries';
import { serviceMetadata } from './metadata';

/** The queries of the checks of a rollout: the percentage of failed requests, and the 99th percentile of the latency. */
export function metricTemplates(scope: Construct, service: ServiceInEnvironment): void {
  const requests = canaryRequests(service.metrics);
  const template = (id: string, name: string, query: string) =>
    MetricTemplate.prometheus(scope, id, {
      metadata: serviceMetadata(service, SyncWave.prerequisites, { name }),
      address: service.prometheus,
      ...service.prometheusAccess,
      query,
    });
  template('Errors', errorTemplateName(service), errorPercentage(requests));
  template(
    'Latency',
    latencyTemplateName(service),
    percentile99(requests, percentileSamples, service.objectives.p99Seconds),
  );
}

export function errorTemplateName({ name }: Pick<ServiceInEnvironment, 'name'>): string {
  return `${name}-error-percentage`;
}

export function latencyTemplateName({ name }: Pick<ServiceInEnvironment, 'name'>): string {
  return `${name}-p99`;
}
