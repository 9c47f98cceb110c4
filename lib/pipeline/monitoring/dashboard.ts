import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';

/** One dashboard for a platform. Its graphs search for projects by name, so that a new service is on it without a change. */
export class ReleaseDashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, platform: Platform) {
    super(scope, id);
    const { name, pipeline } = platform;
    const graph = (title: string, metricName: string, statistic: string, label: string) =>
      new cloudwatch.GraphWidget({
        title,
        width: 12,
        height: 7,
        region: pipeline.region,
        leftYAxis: { min: 0, label, showUnits: false },
        left: [
          new cloudwatch.MathExpression({
            expression: `SEARCH('{AWS/CodeBuild,ProjectName} MetricName="${metricName}" ProjectName=${name}', '${statistic}', 3600)`,
            label: '',
            usingMetrics: {},
            period: Duration.hours(1),
          }),
        ],
      });
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: `${name}-releases`,
      defaultInterval: Duration.days(7),
      widgets: [
        [
          new cloudwatch.TextWidget({
            width: 24,
            height: 2,
            markdown: `# Releases of ${name}\nBuild is by service; scan, sign and promote are shared. A failed scan is a gate that said no more often than trouble: its log has the reasons.`,
          }),
        ],
        [graph('Duration', 'Duration', 'Average', 'seconds'), graph('Failed', 'FailedBuilds', 'Sum', 'runs an hour')],
        [
          graph('Runs', 'Builds', 'Sum', 'runs an hour'),
          graph('Waiting for a machine', 'QueuedDuration', 'Maximum', 'seconds'),
        ],
      ],
    });
  }
}
