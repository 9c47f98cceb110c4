import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';

export interface ReleaseDashboardProps {
  readonly platform: Platform;
}

/** The release dashboard of a platform. Its graphs search for projects by name, so a new service appears without a change. */
export class ReleaseDashboard extends Construct {
  readonly dashboard: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, { platform }: ReleaseDashboardProps) {
    super(scope, id);
    const { name } = platform;
    this.dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: `${name}-releases`,
      defaultInterval: Duration.days(7),
      widgets: [
        [
          new cloudwatch.TextWidget({
            width: 24,
            height: 2,
            markdown: `# Releases of ${name}\nEach service has its own build project; scan, sign and promote are shared. A failed scan usually means that the gate rejected the image: the log of the run has the reasons.`,
          }),
        ],
        [
          graph(platform, { title: 'Duration', metric: 'Duration', statistic: 'Average', unit: 'seconds' }),
          graph(platform, { title: 'Failed', metric: 'FailedBuilds', statistic: 'Sum', unit: 'runs per hour' }),
        ],
        [
          graph(platform, { title: 'Runs', metric: 'Builds', statistic: 'Sum', unit: 'runs per hour' }),
          graph(platform, {
            title: 'Waiting for a machine',
            metric: 'QueuedDuration',
            statistic: 'Maximum',
            unit: 'seconds',
          }),
        ],
      ],
    });
  }
}

interface Graph {
  readonly title: string;
  /** Metric of the namespace AWS/CodeBuild. */
  readonly metric: string;
  readonly statistic: string;
  /** Label of the vertical axis. */
  readonly unit: string;
}

function graph({ name, pipeline }: Platform, { title, metric, statistic, unit }: Graph): cloudwatch.GraphWidget {
  return new cloudwatch.GraphWidget({
    title,
    width: 12,
    height: 7,
    region: pipeline.region,
    leftYAxis: { min: 0, label: unit, showUnits: false },
    left: [
      new cloudwatch.MathExpression({
        expression: `SEARCH('{AWS/CodeBuild,ProjectName} MetricName="${metric}" ProjectName=${name}', '${statistic}', 3600)`,
        label: '',
        usingMetrics: {},
        period: Duration.hours(1),
      }),
    ],
  });
}
