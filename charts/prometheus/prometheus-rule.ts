import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import { wholeNumber } from '../values/whole-number';
import type { AlertingRule } from './alerting-rule';

export type Rule = RecordingRule | AlertingRule;

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface RuleGroup {
  readonly name: string;
  /** Time between two evaluations. @default Prometheus' own */
  readonly intervalSeconds?: number;
  readonly rules: readonly Rule[];
}

export interface PrometheusRuleProps {
  readonly metadata: Metadata;
  readonly groups: readonly RuleGroup[];
}

/** Groups of rules, as Prometheus Operator hands them to Prometheus. */
export class PrometheusRule extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, groups }: PrometheusRuleProps) {
    super(scope, id, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata,
      spec: { groups: groups.map(ruleGroup) },
    });
  }
}

/** A group as a rule file of Prometheus has it. */
export function ruleGroup({ name, intervalSeconds, rules }: RuleGroup) {
  return {
    name,
    ...(intervalSeconds === undefined ? {} : { interval: `${wholeNumber('interval', intervalSeconds, 1)}s` }),
    rules: rules.map((rule) => ({ ...rule })),
  };
}
