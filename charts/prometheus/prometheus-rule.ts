import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import { requireWholeNumber } from '../values/whole-number';
import type { AlertingRule } from './alerting-rule';

export type Rule = RecordingRule | AlertingRule;

/** A query whose result Prometheus stores as a series of its own. */
export interface RecordingRule {
  /** Name of the recorded series, for example `service:latency_seconds:p99`. */
  readonly record: string;
  /** PromQL expression. */
  readonly expr: string;
  /** Labels to add to the recorded series. @default none */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Rules that Prometheus evaluates in order, at the same interval. */
export interface RuleGroup {
  readonly name: string;
  /** Seconds between two evaluations. @default the global interval of Prometheus */
  readonly intervalSeconds?: number;
  readonly rules: readonly Rule[];
}

/** Properties of a {@link PrometheusRule}. */
export interface PrometheusRuleProps {
  /** Its labels must match the rule selector of the Prometheus object. */
  readonly metadata: Metadata;
  readonly groups: readonly RuleGroup[];
}

/** A PrometheusRule: rule groups that Prometheus Operator adds to Prometheus. */
export class PrometheusRule extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, groups }: PrometheusRuleProps) {
    super(scope, id, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata,
      spec: { groups: groups.map(renderRuleGroup) },
    });
  }
}

/** Renders a group as a Prometheus rule file contains it. */
export function renderRuleGroup({ name, intervalSeconds, rules }: RuleGroup) {
  return {
    name,
    ...(intervalSeconds === undefined ? {} : { interval: `${requireWholeNumber('interval', intervalSeconds, 1)}s` }),
    rules: rules.map((rule) => ({ ...rule })),
  };
}
