import { Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { SyncWave } from '../argocd/sync-wave';
import { type ExpositionForm, ServiceMonitor } from '../prometheus/service-monitor';
import { serviceMetadata } from './metadata';
import { metricsPortName } from './ports';

/** Scrapes canary and primary separately, through the Services that Flagger creates. */
export function serviceMonitors(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  for (const [role, intervalSeconds] of Object.entries(scrapeSeconds(plan))) {
    const name = `${service.name}-${role}`;
    new ServiceMonitor(scope, `Monitor-${role}`, {
      metadata: serviceMetadata(service, SyncWave.prerequisites, { name, labels: service.monitorLabels }),
      app: name,
      port: metricsPortName(service),
      path: service.metrics.path,
      interval: Duration.seconds(intervalSeconds),
      form: expositionForm(service),
    });
  }
}

/** Seconds between two scrapes: for the canary what the plan needs, for the primary at least what the objectives need. */
export function scrapeSeconds(
  plan: Pick<RolloutPlan, 'scrapeSeconds'>,
): Readonly<Record<'canary' | 'primary', number>> {
  return { canary: plan.scrapeSeconds, primary: Math.max(plan.scrapeSeconds, 15) };
}

function expositionForm({ metrics }: ServiceInEnvironment): ExpositionForm {
  return metrics.type === 'native-histogram' ? 'native-histograms' : 'classic-histograms';
}
