import type { Construct } from 'constructs';
import { applicationName, projectName, type ServiceInEnvironment } from '../lib/catalog';
import {
  appPath,
  type EnvironmentFile,
  manifestPath,
  platformPath,
  type ReleaseFile,
  type Renderer,
} from '../lib/ledger';
import { planOf } from '../lib/rollout';
import { Application } from './argocd/application';
import { Source } from './argocd/source';
import { type AddObjects, synthesizeFiles } from './kubernetes/manifest';
import { addOnApplications } from './platform/add-ons/add-ons';
import { admission } from './platform/admission';
import { argocdConfiguration } from './platform/argocd-configuration';
import { bootstrap } from './platform/bootstrap';
import { namespaces } from './platform/namespaces';
import { projects } from './platform/projects';
import { type ReportFinding, validateRules } from './rules/validate-rules';
import { alertProvider } from './service/alert-provider';
import { alertRules } from './service/alerts/alert-rules';
import { autoscaler } from './service/autoscaler';
import { configFiles } from './service/config-files';
import { dashboard } from './service/dashboard';
import { deployment } from './service/deployment';
import { disruptionBudget } from './service/disruption-budget';
import { serviceLabels } from './service/metadata';
import { metricTemplates } from './service/metric-templates';
import { networkPolicy } from './service/network-policy';
import { rollout } from './service/rollout';
import { serviceAccount } from './service/service-account';
import { serviceMonitors } from './service/service-monitors';

/**
 * Renders the manifests of the ledger, as pure functions of its inputs.
 * Its methods throw a ManifestError if the manifests violate a rule of progressive delivery.
 */
export const renderer: Renderer = rendererWithReport(() => {});

/** The same renderer, which also reports warnings. @param report called with a sentence for each warning, at each rendering */
export function rendererWithReport(report: ReportFinding): Renderer {
  const addRules = (root: Construct) => validateRules(root, report);
  return {
    service: (service, release) => synthesizeFiles(serviceFiles(service, release), addRules),
    environment: (environment, services) => synthesizeFiles(environmentFiles(environment, services), addRules),
  };
}

/** The files of a service, with what adds the objects of each. */
function serviceFiles(service: ServiceInEnvironment, release: ReleaseFile): ReadonlyMap<string, AddObjects> {
  const { environment, name } = service;
  const plan = planOf(service);
  const { progressDeadlineSeconds } = plan;
  const files: Record<string, AddObjects> = {
    'service-account': (scope) => serviceAccount(scope, service),
    ...(service.files === undefined ? {} : { 'config-files': (scope: Construct) => configFiles(scope, service) }),
    deployment: (scope) => deployment(scope, service, { image: release.image, progressDeadlineSeconds }),
    autoscaler: (scope) => autoscaler(scope, service),
    'disruption-budget': (scope) => disruptionBudget(scope, service),
    'network-policy': (scope) => networkPolicy(scope, service),
    'metric-templates': (scope) => metricTemplates(scope, service),
    'service-monitors': (scope) => serviceMonitors(scope, service, plan),
    'alert-rules': (scope) => alertRules(scope, service, plan),
    dashboard: (scope) => dashboard(scope, service, plan),
    ...(service.chat === undefined ? {} : { 'alert-provider': (scope: Construct) => alertProvider(scope, service) }),
    canary: (scope) => rollout(scope, service, plan),
  };
  const byPath = new Map(Object.entries(files).map(([file, add]) => [manifestPath(environment, name, file), add]));
  return byPath.set(appPath(environment, name), (scope) => application(scope, service));
}

/** The files of an environment, with what adds the objects of each. */
function environmentFiles(
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): ReadonlyMap<string, AddObjects> {
  const files: Record<string, AddObjects> = {
    bootstrap: (scope) => bootstrap(scope, environment),
    admission: (scope) => admission(scope, environment, services),
    'argocd-configuration': (scope) => argocdConfiguration(scope, environment),
  };
  // A cluster is set up before there is a service: without one, these files would be empty.
  if (services.length > 0) {
    files.namespaces = (scope) => namespaces(scope, services);
    files.projects = (scope) => projects(scope, environment, services);
  }
  if (environment.addOns.length > 0) {
    files['add-ons'] = (scope) => addOnApplications(scope, environment, services);
  }
  return new Map(Object.entries(files).map(([file, add]) => [platformPath(environment.name, file), add]));
}

/** The Application by which Argo CD deploys a service. */
function application(scope: Construct, service: ServiceInEnvironment): void {
  new Application(scope, 'Application', {
    metadata: {
      name: applicationName(service.environment, service.name),
      namespace: service.argocdNamespace,
      labels: serviceLabels(service),
    },
    project: projectName(service.environment, service.team),
    source: Source.git({
      repository: service.ledger.repository,
      branch: service.ledger.branch,
      path: `manifests/${service.environment}/${service.name}`,
    }),
    destination: { server: service.cluster, namespace: service.namespace },
    // Argo CD keeps earlier ConfigMaps with configuration files, and a rollback must not wait for the pods of the release before it.
    pruneLast: false,
  });
}
