import { join } from 'node:path';
import { renderer } from '../../../charts/render';
import { loadCatalog, servicesInEnvironments } from '../../../lib/catalog';
import { environmentFile } from '../../../lib/ledger';
import { parseRendered, type RenderedObject } from '../render-catalog';

const catalog = loadCatalog(join(__dirname, '..', '..', '..', 'catalog'));
const [, prod] = catalog.platform.environments;
const environment = environmentFile(catalog.platform, prod as NonNullable<typeof prod>);
const services = servicesInEnvironments(catalog).filter((service) => service.environment === 'prod');
const objects = parseRendered(renderer.environment(environment, services));
const of = (kind: string) => objects.filter((object) => object.kind === kind);
const named = (kind: string, name: string) => of(kind).find(({ metadata }) => metadata.name === name) as RenderedObject;
const wave = ({ metadata }: RenderedObject) => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);

describe('the bootstrap manifest', () => {
  test('is one file with a project and two Applications that follow the ledger', () => {
    const bootstrap = objects.filter(({ file }) => file === 'platform/prod/bootstrap.yaml');
    expect(bootstrap.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'AppProject bowline-prod',
      'Application bowline-platform-prod',
      'Application bowline-apps-prod',
    ]);
    expect(bootstrap.map(({ spec }) => spec.source?.path)).toEqual([undefined, 'platform/prod', 'apps/prod']);
  });

  describe('for an environment in another cluster than Argo CD', () => {
    const server = 'https://prod.acme.example:6443';
    const argocdServer = 'https://kubernetes.default.svc';
    const rendered = parseRendered(
      renderer.environment(
        { ...environment, cluster: server },
        services.map((service) => ({ ...service, cluster: server })),
      ),
    );
    const applications = rendered.filter(({ kind }) => kind === 'Application');
    const application = (name: string) =>
      applications.find(({ metadata }) => metadata.name === name)?.spec as RenderedObject['spec'];
    const filesOf = (name: string) => {
      const { path, directory = {} } = application(name).source;
      const listed = (glob: string) => glob.slice(1, -1).split(',');
      return [...new Set(rendered.map(({ file }) => file))]
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1))
        .filter((file) => directory.include === undefined || listed(directory.include).includes(file))
        .filter((file) => directory.exclude === undefined || !listed(directory.exclude).includes(file));
    };

    test('deploys objects of Argo CD to its cluster, and all others to the cluster of the environment', () => {
      expect(application('bowline-platform-prod').destination).toEqual({ server: argocdServer, namespace: 'argocd' });
      expect(application('bowline-apps-prod').destination).toEqual({ server: argocdServer, namespace: 'argocd' });
      expect(application('bowline-cluster-prod').destination.server).toBe(server);
      const kindsOf = (name: string) => {
        const files = filesOf(name).map((file) => `platform/prod/${file}`);
        return [...new Set(rendered.filter(({ file }) => files.includes(file)).map(({ kind }) => kind))].sort();
      };
      expect(kindsOf('bowline-platform-prod')).toEqual(['AppProject', 'Application', 'ConfigMap']);
      expect(kindsOf('bowline-cluster-prod')).toEqual([
        'Namespace',
        'ValidatingAdmissionPolicy',
        'ValidatingAdmissionPolicyBinding',
      ]);
    });

    test('every file belongs to exactly one Application', () => {
      expect([...filesOf('bowline-platform-prod'), ...filesOf('bowline-cluster-prod')].sort()).toEqual(
        [...new Set(rendered.map(({ file }) => file.replace('platform/prod/', '')))].sort(),
      );
    });

    test('deploys add-ons and services to the cluster of the environment, and the projects allow it', () => {
      for (const { metadata, spec } of applications.filter(({ file }) => file.endsWith('add-ons.yaml'))) {
        expect([metadata.name, spec.destination.server]).toEqual([metadata.name, server]);
      }
      const project = (name: string) =>
        rendered.find(({ kind, metadata }) => kind === 'AppProject' && metadata.name === name)?.spec;
      expect(project('bowline-prod').destinations).toEqual([
        { server: argocdServer, namespace: '*' },
        { server, namespace: '*' },
      ]);
      expect(project('prod-storefront').destinations).toEqual([{ server, namespace: 'hello' }]);
    });
  });
});

test('every Application uses the server-side diff', () => {
  const applications = of('Application');
  expect(applications.length).toBeGreaterThan(5);
  for (const { metadata } of applications) {
    expect(metadata.annotations?.['argocd.argoproj.io/compare-options']).toBe('ServerSideDiff=true');
  }
});

describe('the project of a team', () => {
  const project = named('AppProject', 'prod-storefront');

  test('allows the ledger and the namespaces of the team only', () => {
    expect(project.spec.sourceRepos).toEqual([catalog.platform.ledger.repository]);
    expect(project.spec.destinations).toEqual([{ server: 'https://kubernetes.default.svc', namespace: 'hello' }]);
  });

  test('allows every kind of a service, but no cluster-scoped kind, no Service, no Role and no Secret', () => {
    expect(project.spec.clusterResourceWhitelist).toEqual([]);
    const allowed = project.spec.namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
    const release = { version: 1, service: 'hello', environment: 'prod', image: `r/hello@sha256:${'0'.repeat(64)}` };
    const [hello] = services;
    const rendered = parseRendered(renderer.service(hello as NonNullable<typeof hello>, release as never));
    const kinds = new Set(rendered.filter(({ file }) => file.startsWith('manifests/')).map(({ kind }) => kind));
    expect([...kinds].filter((kind) => !allowed.includes(kind))).toEqual([]);
    expect(
      allowed.filter((kind: string) => ['Service', 'Secret', 'Role', 'RoleBinding', 'Ingress'].includes(kind)),
    ).toEqual([]);
  });
});

describe('admission', () => {
  const policy = of('ValidatingAdmissionPolicy')[0] as RenderedObject;

  test('applies to the namespaces of Bowline, denies, and fails closed', () => {
    const binding = of('ValidatingAdmissionPolicyBinding')[0] as RenderedObject;
    expect(policy.spec.failurePolicy).toBe('Fail');
    expect(binding.spec).toEqual({ policyName: policy.metadata.name, validationActions: ['Deny'] });
    const label = policy.spec.matchConstraints.namespaceSelector.matchLabels;
    expect(
      of('Namespace').every(({ metadata }) =>
        Object.entries(label).every(([name, value]) => metadata.labels?.[name] === value),
      ),
    ).toBe(true);
  });

  test('admits images of the platform’s registry by digest, and no similar reference', () => {
    const pattern = /matches\('([^']+)'\)/.exec(policy.spec.validations[0].expression)?.[1] as string;
    const trustedImage = new RegExp(pattern);
    const digest = `sha256:${'a'.repeat(64)}`;
    const registry = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
    expect(trustedImage.test(`${registry}/acme/hello@${digest}`)).toBe(true);
    for (const image of [
      `${registry}/acme/hello:latest`,
      `${registry}/acme/hello:1@${digest.slice(0, 60)}`,
      `evil.example/${registry}/acme/hello@${digest}`,
      `${registry.replace('.dkr', 'xdkr')}/acme/hello@${digest}`,
      `docker.io/library/alpine@${digest}`,
    ]) {
      expect([image, trustedImage.test(image)]).toEqual([image, false]);
    }
  });

  test('has a message for every requirement', () => {
    for (const { messageExpression } of policy.spec.validations) {
      expect(messageExpression.length).toBeGreaterThan(60);
    }
  });
});

describe('the sync order of an environment', () => {
  test('is the platform project; admission policy, Argo CD configuration and add-ons; namespaces; team projects; services', () => {
    const waveOf = (kind: string, name: string) => wave(named(kind, name));
    expect([
      waveOf('AppProject', 'bowline-prod'),
      waveOf('ValidatingAdmissionPolicy', 'bowline-prod'),
      waveOf('ConfigMap', 'argocd-cm'),
      waveOf('Application', 'prod-flagger'),
      waveOf('Namespace', 'hello'),
      waveOf('AppProject', 'prod-storefront'),
      waveOf('Application', 'bowline-apps-prod'),
    ]).toEqual([-5, -4, -4, -4, -3, -2, 5]);
  });

  test('requires confirmation to delete a namespace, and never deletes the configuration of Argo CD', () => {
    const options = ({ metadata }: RenderedObject) => metadata.annotations?.['argocd.argoproj.io/sync-options'];
    expect(options(named('Namespace', 'hello'))).toBe('Prune=confirm,Delete=confirm');
    expect(options(named('ConfigMap', 'argocd-cm'))).toContain('Prune=false,Delete=false');
  });
});

describe('the add-ons', () => {
  const addOns = objects.filter(({ file }) => file === 'platform/prod/add-ons.yaml');

  test('are charts at exact versions, from repositories that the project allows', () => {
    const { sourceRepos } = named('AppProject', 'bowline-prod').spec;
    expect(addOns.map(({ metadata }) => metadata.name)).toEqual([
      'prod-flagger',
      'prod-prometheus',
      'prod-loki',
      'prod-jaeger',
      'prod-opentelemetry',
    ]);
    for (const { spec } of addOns) {
      expect(spec.source.targetRevision).toMatch(/^\d+\.\d+\.\d+$/);
      expect(sourceRepos).toContain(spec.source.repoURL);
    }
  });

  test('are not rendered if the catalog lists none', () => {
    const withoutAddOns = parseRendered(renderer.environment({ ...environment, addOns: [] }, services));
    expect(withoutAddOns.filter(({ file }) => file.includes('add-ons'))).toEqual([]);
    expect(withoutAddOns.find(({ metadata }) => metadata.name === 'bowline-prod')?.spec.sourceRepos).toEqual([
      catalog.platform.ledger.repository,
    ]);
  });

  test('route rollback alerts to the agent immediately and ungrouped, and pages and tickets to the receivers of the catalog', () => {
    const { route, receivers } = named('Application', 'prod-prometheus').spec.source.helm.valuesObject.alertmanager
      .config;
    expect(route.routes[0]).toEqual({
      matchers: ['action="rollback"'],
      receiver: 'agent',
      group_wait: '0s',
      group_interval: '5s',
      group_by: ['...'],
      continue: true,
    });
    expect(
      route.routes.slice(1).map(({ matchers, receiver }: Record<string, unknown>) => [matchers, receiver]),
    ).toEqual([
      [['severity="page"'], 'page'],
      [['severity="ticket"'], 'ticket'],
    ]);
    expect(receivers.map(({ name }: { name: string }) => name)).toEqual(['nobody', 'agent', 'page', 'ticket']);
  });

  test('link a latency to its trace, a trace to its log lines, and a log line to its trace', () => {
    const { datasources } = named('Application', 'prod-prometheus').spec.source.helm.valuesObject.grafana.datasources[
      'datasources.yaml'
    ];
    const source = (name: string) => datasources.find((each: { name: string }) => each.name === name).jsonData;
    expect(source('prometheus').exemplarTraceIdDestinations).toEqual([{ name: 'trace_id', datasourceUid: 'jaeger' }]);
    expect(source('jaeger').tracesToLogsV2.datasourceUid).toBe('loki');
    const { matcherRegex } = source('loki').derivedFields[0];
    expect(new RegExp(matcherRegex).exec(`{"level":"INFO","trace_id":"${'ab'.repeat(16)}"}`)?.[1]).toBe(
      'ab'.repeat(16),
    );
  });
});

test('an environment without a service has what sets its cluster up, and admits no image', () => {
  const rendered = parseRendered(renderer.environment(environment, []));
  expect([...new Set(rendered.map(({ file }) => file))]).toEqual([
    'platform/prod/bootstrap.yaml',
    'platform/prod/admission.yaml',
    'platform/prod/argocd-configuration.yaml',
    'platform/prod/add-ons.yaml',
  ]);
  const policy = rendered.find(({ kind }) => kind === 'ValidatingAdmissionPolicy');
  expect(policy?.spec.variables).toContainEqual({ name: 'services', expression: '[]' });
});
