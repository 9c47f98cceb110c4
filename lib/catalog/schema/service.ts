import { z } from 'zod';
import { durationBetween, nameField, portField, urlPathField } from './fields';
import { buildSchema } from './service/build';
import { argumentsSchema, portsSchema, protocolField, shutdownSchema, tmpSizeField } from './service/container';
import { sizeSchema } from './service/environment';
import { metricsSchema } from './service/metrics';
import { networkSchema } from './service/network';
import { objectivesSchema } from './service/objectives';
import { probesSchema } from './service/probes';
import { rollbackSchema } from './service/rollback';
import { sourceSchema } from './service/source';
import { startSchema } from './service/start';
import { trafficSchema } from './service/traffic';

export { type RolloutPreset, rolloutPresets } from './service/rollback';

/** `catalog/services/<name>.yaml`: the description of one service, written by its team. */
export const serviceSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of the file format.'),
    kind: z
      .literal('http', {
        error:
          '"http": Bowline does not support workers and scheduled jobs yet, because they receive no traffic to shift. A gRPC server is of kind http if it also answers HTTP probes',
      })
      .default('http')
      .describe('The kind of service. Only HTTP services are supported.'),
    name: nameField.describe(
      'The name of the service, the same in every environment. CodePipeline names its folders of artifacts by the first 20 characters of `<platform>-<service>`, so these must be unique.',
    ),
    team: nameField.describe('The team that owns the service. It becomes an Argo CD project and a label.'),
    source: sourceSchema,
    build: buildSchema,
    args: argumentsSchema,
    port: portField
      .default(8080)
      .describe('The port for requests, and for metrics and probes unless they name another.'),
    protocol: protocolField,
    ports: portsSchema,
    metricsPath: urlPathField.optional().describe('The same as metrics.path. Default: /metrics.'),
    metrics: metricsSchema,
    probes: probesSchema,
    traffic: trafficSchema,
    network: networkSchema,
    objectives: objectivesSchema,
    rollback: rollbackSchema,
    start: startSchema,
    tmpSize: tmpSizeField,
    shutdown: shutdownSchema,
    agent: z
      .boolean('true or false')
      .default(false)
      .describe(
        'Add the rollback hook: alerts roll a release back through the agent of the cluster, which is not part of this version yet.',
      ),
    environments: z.record(nameField, sizeSchema).default({}).describe('Sizes and settings per environment.'),
    compute: z
      .enum(['small', 'medium', 'large'], { error: '"small", "medium" or "large"' })
      .default('small')
      .describe('The CodeBuild compute size of the build. Pull requests, which are also scanned, get at least medium.'),
    timeout: durationBetween('5m', '2h').default('20m').describe('The maximum duration of a build.'),
  })
  .meta({ title: 'Bowline service', description: 'The description of one service.' });

export type Service = z.output<typeof serviceSchema>;
