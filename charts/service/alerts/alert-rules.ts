import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../../lib/catalog';
import type { RolloutPlan } from '../../../lib/rollout';
import { SyncWave } from '../../argocd/sync-wave';
import { PrometheusRule, type RuleGroup } from '../../prometheus/prometheus-rule';
import { serviceMetadata } from '../metadata';
import { objectiveAlerts, objectiveRecords } from './objective-rules';
import { rollbackRules } from './rollback-rules';
import { watchdogs } from './watchdogs';

/** All rules of a service in two families that never mix: the first rolls releases back, the second notifies people. */
export function ruleGroups(
  service: ServiceInEnvironment,
  plan: RolloutPlan,
): Readonly<Record<'rollback' | 'objectives', readonly RuleGroup[]>> {
  return {
    rollback: [rollbackRules(service, plan)],
    objectives: [objectiveRecords(service), objectiveAlerts(service, plan), watchdogs(service, plan)],
  };
}

/** One PrometheusRule for each family of rules. */
export function alertRules(scope: Construct, service: ServiceInEnvironment, plan: RolloutPlan): void {
  for (const [family, groups] of Object.entries(ruleGroups(service, plan))) {
    new PrometheusRule(scope, `Rules-${family}`, {
      metadata: serviceMetadata(service, SyncWave.prerequisites, {
        name: `${service.name}-${family}`,
        labels: service.monitorLabels,
      }),
      groups,
    });
  }
}
