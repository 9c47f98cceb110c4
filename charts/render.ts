import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../lib/catalog';
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
import { bootstrap } from './platform/bootstrap';
import { Source } from './argocd/source';
import { serviceLabels } from './service/metadata';
import { documentsByFile } from './kubernetes/manifest';
import { addOnApplications } from './platform/add-ons/add-ons';
import { admission } from './platform/admission';
import { argocdConfiguration } from './platform/argocd-configuration';
import { namespaces } from './platform/namespaces';
import { applicationName, projectName, projects } from './platform/projects';
import { type ReportFinding, validateRules } from './rules/validate-rules';
import { alertProvider } from './service/alert-provider';
import { alertRules } from './service/alert-rules';
import { autoscaler } from './service/autoscaler';
import { dashboard } from './service/dashboard';
import { deployment } from './service/deployment';
import { disruptionBudget } from './service/disruption-budget';
import { networkPolicy } from './service/network-policy';
import { metricTemplates, rollout, serviceMonitors } from './service/rollout';
import { serviceAccount } from './service/service-account';

/** The manifests of the ledger: pure functions of its inputs. What the rules of progressive delivery refuse is not rendered. */
export const renderer: Renderer = rendererWithReport(() => {});

/** The same renderer, which also tells what the rules warn of. @param tell hears a sentence for each warning, at each rendering */
export function rendererWithReport(tell: ReportFinding): Renderer {
  const hold = (root: Construct) => validateRules(root, tell);
  return {
    service: (service, release) => {
      const { environment, name } = service;
      return documentsByFile(
        new Map<string, Build>([
          ...Object.entries(serviceFiles(service, release)).map(
            ([file, build]) => [manifestPath(environment, name, file), build] as const,
          ),
          [appPath(environment, name), (scope) => application(scope, service)],
        ]),
        hold,
      );
    },
    environment: (environment, services) =>
      services.length === 0
        ? new Map()
        : documentsByFile(
            new Map(
              Object.entries(platformFiles(environment, services)).map(
                ([file, build]) => [platformPath(environment.name, file), build] as const,
              ),
            ),
            hold,
          ),
  };
}

type Build = (scope: Construct) => void;

/** A file for each part of a platform's chart. */
function platformFiles(
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): Readonly<Record<string, Build>> {
  return {
    bootstrap: (scope) => bootstrap(scope, environment),
    admission: (scope) => admission(scope, environment),
    'argocd-configuration': (scope) => argocdConfiguration(scope, environment),
    namespaces: (scope) => namespaces(scope, services),
    projects: (scope) => projects(scope, environment, services),
    ...(environment.addOns.length > 0
      ? { 'add-ons': (scope: Construct) => addOnApplications(scope, environment, services) }
      : {}),
  };
}

/** A file for each role of a service's chart. */
function serviceFiles(service: ServiceInEnvironment, release: ReleaseFile): Readonly<Record<string, Build>> {
  const plan = planOf(service);
  return {
    'service-account': (scope) => serviceAccount(scope, service),
    deployment: (scope) => deployment(scope, service, release.image, plan.progressDeadlineSeconds),
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
}

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
  });
}
