import type { Duration } from 'cdk8s';
import { wholeSeconds } from '../values/whole-seconds';

export interface AlertingRuleProps {
  readonly alert: string;
  /** PromQL: whatever it answers with is an alert. */
  readonly expr: string;
  /** How long it must answer before it fires. @default at once */
  readonly for?: Duration;
  /** What it is about: what alerts are grouped, routed and found by. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description', string>>;
}

/** A rule that tells somebody; whom, its label says to Alertmanager. @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/ */
export class AlertingRule {
  /** Wakes somebody. */
  static pages(props: AlertingRuleProps): AlertingRule {
    return new AlertingRule(props, { severity: 'page' });
  }

  /** Can wait until morning. */
  static tickets(props: AlertingRuleProps): AlertingRule {
    return new AlertingRule(props, { severity: 'ticket' });
  }

  /** Takes the release back, through the agent, and wakes nobody. */
  static rollsBack(props: AlertingRuleProps): AlertingRule {
    return new AlertingRule(props, { action: 'rollback', severity: 'info' });
  }

  readonly alert: string;
  readonly expr: string;
  declare readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<'summary' | 'description', string>>;

  private constructor(props: AlertingRuleProps, route: Readonly<Record<string, string>>) {
    this.alert = props.alert;
    this.expr = props.expr;
    if (props.for !== undefined) {
      this.for = promDuration(props.for);
    }
    this.labels = { ...props.labels, ...route };
    this.annotations = props.annotations;
  }
}

/** As people write it: in minutes where they are whole. */
function promDuration(duration: Duration): string {
  const seconds = wholeSeconds('for', duration);
  const minutes = duration.toMinutes({ integral: false });
  return Number.isInteger(minutes) ? `${minutes}m` : seconds;
}
