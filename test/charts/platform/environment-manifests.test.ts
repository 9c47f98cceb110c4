import { join } from 'node:path';
import { renderer } from '../../../charts/render';
import { loadCatalog, servicesInEnvironments } from '../../../lib/catalog';
import { environmentFile } from '../../../lib/ledger';
import { objectsIn, type RenderedObject } from '../render-catalog';

const catalog = loadCatalog(join(__dirname, '..', '..', '..', 'catalog'));
const [, prod] = catalog.platform.environments;
const environment = environmentFile(catalog.platform, prod as NonNullable<typeof prod>);
const services = servicesInEnvironments(catalog).filter((service) => service.environment === 'prod');
const objects = objectsIn(renderer.environment(environment, services));
const of = (kind: string) => objects.filter((object) => object.kind === kind);
const named = (kind: string, name: string) => of(kind).find(({ metadata }) => metadata.name === name) as RenderedObject;
const wave = ({ metadata }: RenderedObject) => Number(metadata.annotations?.['argocd.argoproj.io/sync-wave'] ?? 0);

describe('what is applied by hand', () => {
  test('is one file: a project and two Applications that follow the ledger', () => {
    const bootstrap = objects.filter(({ file }) => file === 'platform/prod/bootstrap.yaml');
    expect(bootstrap.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'AppProject bowline-prod',
      'Application bowline-platform-prod',
      'Application bowline-apps-prod',
    ]);
    expect(bootstrap.map(({ spec }) => spec.source?.path)).toEqual([undefined, 'platform/prod', 'apps/prod']);
  });

  describe('for a cluster that Argo CD does not run in', () => {
    const server = 'https://prod.acme.example:6443';
    const own = 'https://kubernetes.default.svc';
    const rendered = objectsIn(
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

    test('what is Argo CD’s goes where Argo CD is, and what is the cluster’s to the cluster', () => {
      expect(application('bowline-platform-prod').destination).toEqual({ server: own, namespace: 'argocd' });
      expect(application('bowline-apps-prod').destination).toEqual({ server: own, namespace: 'argocd' });
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

    test('every file is one Application’s', () => {
      expect([...filesOf('bowline-platform-prod'), ...filesOf('bowline-cluster-prod')].sort()).toEqual(
        [...new Set(rendered.map(({ file }) => file.replace('platform/prod/', '')))].sort(),
      );
    });

    test('add-ons and services go to the cluster, and the projects let them', () => {
      for (const { metadata, spec } of applications.filter(({ file }) => file.endsWith('add-ons.yaml'))) {
        expect([metadata.name, spec.destination.server]).toEqual([metadata.name, server]);
      }
      const project = (name: string) =>
        rendered.find(({ kind, metadata }) => kind === 'AppProject' && metadata.name === name)?.spec;
      expect(project('bowline-prod').destinations).toEqual([
        { server: own, namespace: '*' },
        { server, namespace: '*' },
      ]);
      expect(project('prod-storefront').destinations).toEqual([{ server, namespace: 'hello' }]);
    });
  });
});

test('every Application lets the API server say what is different', () => {
  const applications = of('Application');
  expect(applications.length).toBeGreaterThan(5);
  for (const { metadata } of applications) {
    expect(metadata.annotations?.['argocd.argoproj.io/compare-options']).toBe('ServerSideDiff=true');
  }
});

describe('the project of a team', () => {
  const project = named('AppProject', 'prod-storefront');

  test('takes from the ledger alone, into its own namespaces alone', () => {
    expect(project.spec.sourceRepos).toEqual([catalog.platform.ledger.repository]);
    expect(project.spec.destinations).toEqual([{ server: 'https://kubernetes.default.svc', namespace: 'hello' }]);
  });

  test('takes every kind that a service renders, nothing of the cluster, no Service, no Role, no Secret', () => {
    expect(project.spec.clusterResourceWhitelist).toEqual([]);
    const allowed = project.spec.namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
    const release = { version: 1, service: 'hello', environment: 'prod', image: `r/hello@sha256:${'0'.repeat(64)}` };
    const [hello] = services;
    const rendered = objectsIn(renderer.service(hello as NonNullable<typeof hello>, release as never));
    const kinds = new Set(rendered.filter(({ file }) => file.startsWith('manifests/')).map(({ kind }) => kind));
    expect([...kinds].filter((kind) => !allowed.includes(kind))).toEqual([]);
    expect(
      allowed.filter((kind: string) => ['Service', 'Secret', 'Role', 'RoleBinding', 'Ingress'].includes(kind)),
    ).toEqual([]);
  });
});

describe('admission', () => {
  const policy = of('ValidatingAdmissionPolicy')[0] as RenderedObject;

  test('holds where our namespaces are, denies, and fails closed', () => {
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

  test('trusts images of the platform’s registry by digest, and nothing that only looks like it', () => {
    const pattern = /matches\('([^']+)'\)/.exec(policy.spec.validations[0].expression)?.[1] as string;
    const trusted = new RegExp(pattern);
    const digest = `sha256:${'a'.repeat(64)}`;
    const registry = '111111111111.dkr.ecr.eu-west-1.amazonaws.com';
    expect(trusted.test(`${registry}/acme/hello@${digest}`)).toBe(true);
    for (const image of [
      `${registry}/acme/hello:latest`,
      `${registry}/acme/hello:1@${digest.slice(0, 60)}`,
      `evil.example/${registry}/acme/hello@${digest}`,
      `${registry.replace('.dkr', 'xdkr')}/acme/hello@${digest}`,
      `docker.io/library/alpine@${digest}`,
    ]) {
      expect([image, trusted.test(image)]).toEqual([image, false]);
    }
  });

  test('tells people what is wrong and what would be right', () => {
    for (const { messageExpression } of policy.spec.validations) {
      expect(messageExpression.length).toBeGreaterThan(60);
    }
  });
});

describe('the order in which a platform comes', () => {
  test('is project, then admission, Argo CD’s configuration and add-ons, then namespaces, then projects, then the services', () => {
    const waves = (kind: string, name: string) => wave(named(kind, name));
    expect([
      waves('AppProject', 'bowline-prod'),
      waves('ValidatingAdmissionPolicy', 'bowline-prod'),
      waves('ConfigMap', 'argocd-cm'),
      waves('Application', 'prod-flagger'),
      waves('Namespace', 'hello'),
      waves('AppProject', 'prod-storefront'),
      waves('Application', 'bowline-apps-prod'),
    ]).toEqual([-5, -4, -4, -4, -3, -2, 5]);
  });

  test('never deletes a namespace, or Argo CD’s configuration, by itself', () => {
    const options = ({ metadata }: RenderedObject) => metadata.annotations?.['argocd.argoproj.io/sync-options'];
    expect(options(named('Namespace', 'hello'))).toBe('Prune=confirm,Delete=confirm');
    expect(options(named('ConfigMap', 'argocd-cm'))).toContain('Prune=false,Delete=false');
  });
});

describe('the add-ons', () => {
  const addOns = objects.filter(({ file }) => file === 'platform/prod/add-ons.yaml');

  test('are charts at exact versions, from repositories that the project knows', () => {
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

  test('are none where the catalog names none', () => {
    const without = objectsIn(renderer.environment({ ...environment, addOns: [] }, services));
    expect(without.filter(({ file }) => file.includes('add-ons'))).toEqual([]);
    expect(without.find(({ metadata }) => metadata.name === 'bowline-prod')?.spec.sourceRepos).toEqual([
      catalog.platform.ledger.repository,
    ]);
  });

  test('send a rollback to the agent at once and alone, then pages and tickets where the catalog says', () => {
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

  test('lead from a latency to its trace, from the trace to its log lines, and back', () => {
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
