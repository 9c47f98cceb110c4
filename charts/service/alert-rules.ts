import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { SyncWave } from '../argocd/sync-wave';
import { serviceMetadata } from '../kubernetes/metadata';
import { PrometheusRule, type RuleGroup } from '../prometheus/prometheus-rule';
import { objectiveAlerts, objectiveRecords } from './objective-rules';
import { rollbackRules } from './rollback-rules';
import { watchdogs } from './watchdogs';

/** All rules of a service. Two families, which are never mixed: the first takes a release back, the second wakes a person. */
export function ruleGroups(
  service: ServiceInEnvironment,
  plan: RolloutPlan,
): Readonly<Record<'rollback' | 'objectives', readonly RuleGroup[]>> {
  return {
    rollback: [rollbackRules(service, plan)],
    objectives: [objectiveRecords(service), objectiveAlerts(service), watchdogs(service, plan)],
  };
}

/** The rules as objects of the cluster. */
export function alertRules(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  for (const [family, groups] of Object.entries(ruleGroups(service, plan))) {
    new PrometheusRule(scope, `Rules-${family}`, {
      metadata: serviceMetadata(service, SyncWave.judges, {
        name: `${service.name}-${family}`,
        labels: service.monitorLabels,
      }),
      groups,
    });
  }
}
