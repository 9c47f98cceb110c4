import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export type Rule = RecordingRule | AlertingRule;

export interface RecordingRule {
  readonly record: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export interface AlertingRule {
  readonly alert: string;
  readonly expr: string;
  /** Prometheus duration. @default fires at once */
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description', string>>;
}

export interface RuleGroup {
  readonly name: string;
  readonly intervalSeconds?: number;
  readonly rules: readonly Rule[];
}

export interface PrometheusRuleProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly groups: readonly RuleGroup[];
}

/** Groups of rules, as Prometheus Operator hands them to Prometheus. */
export class PrometheusRule extends ApiObject {
  constructor(scope: Construct, id: string, props: PrometheusRuleProps) {
    super(scope, id, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: { ...props.annotations },
      },
      spec: { groups: props.groups.map(ruleGroup) },
    });
  }
}

/** A group as a rule file of Prometheus has it. */
export function ruleGroup({ name, intervalSeconds, rules }: RuleGroup) {
  return {
    name,
    ...(intervalSeconds === undefined ? {} : { interval: `${intervalSeconds}s` }),
    rules: rules.map((rule) => ({ ...rule })),
  };
}
