import { z } from 'zod';
import { clusterPeersField, defaultNameServers, nameServersField } from './cluster-peer';
import { anyHttpUrlField, httpUrlField, labelsField, nameField } from './fields';
import { prometheusSchema } from './prometheus';

/** Components that a cluster needs in addition to the services. */
export const addOns = ['flagger', 'prometheus', 'loki', 'jaeger', 'opentelemetry'] as const;
export type AddOn = (typeof addOns)[number];

/** The namespace that each add-on is installed into. */
export const addOnNamespaces: Readonly<Record<AddOn, string>> = {
  flagger: 'flagger',
  prometheus: 'monitoring',
  loki: 'logging',
  jaeger: 'tracing',
  opentelemetry: 'tracing',
};

/** Chat services that Flagger can notify (fluxcd/flagger, pkg/notifier/factory.go). */
export const chatKinds = ['slack', 'msteams', 'discord', 'rocket', 'gchat'] as const;

const webhookUrl = httpUrlField('the URL of a webhook');

/** The components that every cluster runs. */
export const deliverySchema = z
  .strictObject({
    prometheus: prometheusSchema,
    gateway: z
      .strictObject({
        name: nameField.describe('The name of the Gateway.'),
        namespace: nameField.describe('The namespace of the Gateway.'),
        from: clusterPeersField
          .optional()
          .describe(
            'Where the requests of the Gateway come from, if not from pods in its namespace: other namespaces, or the address ranges of a load balancer.',
          ),
      })
      .default({ name: 'public', namespace: 'gateway' })
      .describe('The Gateway that routes traffic to the services.'),
    scrapers: clusterPeersField
      .optional()
      .describe(
        'What scrapes the services, if that is not the Prometheus that Flagger queries. Default: the namespace in the URL of delivery.prometheus.',
      ),
    dns: nameServersField.default(defaultNameServers).describe('The name servers that the services may ask.'),
    hostname: z
      .string()
      .regex(
        /^(?:[a-z0-9.-]|\{service\}|\{team\}|\{environment\})+$/,
        'a host name template, such as {service}.{environment}.example.com',
      )
      .default('{service}.{environment}.example.com')
      .describe('The host name of a service. Placeholders: {service}, {team} and {environment}.'),
    loadTester: httpUrlField('the URL of a Flagger load tester')
      .default('http://flagger-loadtester.flagger')
      .describe('The Flagger load tester, which generates the requests that a blue-green release is checked with.'),
    agent: httpUrlField('the URL of the agent')
      .default('http://bowline-agent.bowline:8080')
      .describe('The agent of the cluster, for services with agent: true. It is not part of this version yet.'),
    addOns: z
      .array(z.enum(addOns, { error: `one of ${addOns.join(', ')}` }))
      .meta({ uniqueItems: true })
      .default([])
      .describe('Components that Argo CD installs as pinned Helm charts. Install the others yourself.'),
    receivers: z
      .strictObject({
        page: webhookUrl.optional().describe('The receiver of alerts that need immediate action.'),
        ticket: webhookUrl.optional().describe('The receiver of alerts that can wait for working hours.'),
      })
      .prefault({})
      .describe('The webhooks that Alertmanager notifies.'),
    chat: z
      .strictObject({
        kind: z.enum(chatKinds, { error: `one of ${chatKinds.join(', ')}` }).describe('The chat service.'),
        secret: z
          .string()
          .regex(
            /^(?:[a-z0-9-]|\{service\}|\{team\}|\{environment\})+$/,
            'the name of a Kubernetes Secret, or a template for it, such as {team}-chat',
          )
          .describe(
            'The Secret in the namespace of the service that contains the webhook URL under the key `address`. Placeholders: {service}, {team} and {environment}.',
          ),
      })
      .optional()
      .describe('The chat that Flagger notifies immediately when it rolls back a release, with the failed check.'),
    argocdNamespace: nameField.default('argocd').describe('The namespace of Argo CD.'),
    monitorLabels: labelsField
      .default({ release: 'prometheus' })
      .describe('The labels by which Prometheus selects monitors and rules.'),
    tracing: anyHttpUrlField('the URL of an OTLP endpoint')
      .optional()
      .describe(
        'The OTLP endpoint that receives traces. A host of two labels is a Service of the cluster with http, and a domain with https.',
      ),
    dashboards: anyHttpUrlField('the URL of Grafana').optional().describe('The URL of Grafana.'),
  })
  .prefault({})
  .describe('The components that every cluster runs.');
