import type { Duration } from 'cdk8s';
import { formatWholeSeconds } from '../values/whole-seconds';

/** Texts that an alert carries to its receiver. */
export interface AlertAnnotations {
  /** What happened, and to what: one line. */
  readonly summary: string;
  /** What it means for users, and what to do next. */
  readonly description: string;
}

/** Properties of an {@link AlertingRule}. */
export interface AlertingRuleProps {
  /** Name of the alert, for example `LatencyHigh`. */
  readonly alert: string;
  /** PromQL expression. Every series that it returns is an alert. */
  readonly expr: string;
  /** How long the expression must keep returning a series before the alert fires. @default the alert fires at once */
  readonly for?: Duration;
  /** Labels to group, route and find alerts by. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: AlertAnnotations;
}

/**
 * A Prometheus alerting rule. The factory decides the labels by which Alertmanager routes the alert.
 * @see https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/
 */
export class AlertingRule {
  /** An alert that pages the on-call engineer. */
  static page(props: AlertingRuleProps): AlertingRule {
    return new AlertingRule(props, { severity: 'page' });
  }

  /** An alert that opens a ticket. */
  static ticket(props: AlertingRuleProps): AlertingRule {
    return new AlertingRule(props, { severity: 'ticket' });
  }

  /** An alert that makes the agent roll the release back. It notifies no person. */
  static rollback(props: AlertingRuleProps): AlertingRule {
    return new AlertingRule(props, { action: 'rollback', severity: 'info' });
  }

  readonly alert: string;
  readonly expr: string;
  declare readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: AlertAnnotations;

  private constructor(props: AlertingRuleProps, routingLabels: Readonly<Record<string, string>>) {
    this.alert = props.alert;
    this.expr = props.expr;
    if (props.for !== undefined) {
      this.for = formatDuration(props.for);
    }
    this.labels = { ...props.labels, ...routingLabels };
    this.annotations = props.annotations;
  }
}

/** Formats whole minutes as minutes, everything else as seconds. */
function formatDuration(duration: Duration): string {
  const seconds = formatWholeSeconds('for', duration);
  const minutes = duration.toMinutes({ integral: false });
  return Number.isInteger(minutes) ? `${minutes}m` : seconds;
}
