import type { Construct } from 'constructs';
import { type AddOn, addOnApplicationName, platformProjectName, type ServiceInEnvironment } from '../../../lib/catalog';
import type { EnvironmentFile } from '../../../lib/ledger';
import { planOf } from '../../../lib/rollout';
import { Application } from '../../argocd/application';
import { Source } from '../../argocd/source';
import { SyncWave } from '../../argocd/sync-wave';
import { managedLabels } from '../namespaces';
import { flagger, flaggerLoadTester } from './flagger';
import type { HelmChart } from './helm-chart';
import { loki } from './loki';
import { prometheus } from './prometheus';
import { jaeger, openTelemetry } from './tracing';

/** Charts by the name of their Helm release. The charts derive the names of their Services from it. */
const charts: Readonly<Record<AddOn | 'flagger-loadtester', HelmChart>> = {
  flagger,
  'flagger-loadtester': flaggerLoadTester,
  prometheus,
  loki,
  jaeger,
  opentelemetry: openTelemetry,
};

/**
 * An Application for each add-on that the catalog lists, in a wave before everything that needs it. If Flagger is an add-on, so is its load
 * tester, provided that a blue-green service uses it.
 */
export function addOnApplications(
  scope: Construct,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): void {
  const addOns: (keyof typeof charts)[] = [...environment.addOns];
  if (needsLoadTester(environment, services)) {
    addOns.push('flagger-loadtester');
  }
  for (const addOn of addOns) {
    const { repository, chart, version, namespace, values } = charts[addOn];
    new Application(scope, `AddOn-${addOn}`, {
      metadata: {
        name: addOnApplicationName(environment.name, addOn),
        namespace: environment.argocdNamespace,
        labels: { ...managedLabels, 'app.kubernetes.io/name': addOn },
        annotations: SyncWave.foundations.annotations,
      },
      project: platformProjectName(environment.name),
      source: Source.helm({ repository, chart, version, release: addOn, values: values(environment) }),
      destination: { server: environment.cluster, namespace },
      createNamespace: true,
    });
  }
}

/** Whether a blue-green service uses the load tester of the add-on. A load tester at any other address is not installed by Bowline. */
function needsLoadTester({ addOns }: EnvironmentFile, services: readonly ServiceInEnvironment[]): boolean {
  const host = `flagger-loadtester.${flaggerLoadTester.namespace}`;
  return (
    addOns.includes('flagger') &&
    services.some(
      (service) => planOf(service).strategy === 'blue-green' && new URL(service.loadTester).hostname.startsWith(host),
    )
  );
}
