import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { RolloutPlan } from '../../lib/rollout';
import { serviceLabels } from '../kubernetes/labels';
import { argocd } from '../kubernetes/manifest';
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
      name: `${service.name}-${family}`,
      namespace: service.namespace,
      labels: { ...serviceLabels(service), ...service.monitorLabels },
      annotations: argocd.wave(-1),
      groups,
    });
  }
}
