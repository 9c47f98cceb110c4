import type { ServiceInEnvironment } from '../../lib/catalog';
import type { KubernetesObject } from '../kubernetes/apply';
import type { KubernetesClient } from '../kubernetes/client';
import { watchCollection } from '../kubernetes/watch-collection';
import type { Journal, WeightChange } from './journal';
import { type PodStart, PodStarts } from './pod-starts';

/** The state of a service in the cluster. */
export interface RolloutState {
  readonly phase?: string;
  readonly failedChecks: number;
  /** Weight of the canary, in percent. */
  readonly weight: number;
  /** Image of the Deployment that Argo CD applies. */
  readonly image?: string;
  /** Image of the primary Deployment, which serves users between rollouts. */
  readonly primaryImage?: string;
  readonly syncedRevision?: string;
  readonly health?: string;
}

interface Canary extends KubernetesObject {
  readonly status?: { readonly phase?: string; readonly failedChecks?: number };
}

interface Route extends KubernetesObject {
  readonly spec: {
    readonly rules?: readonly {
      readonly backendRefs?: readonly { readonly name: string; readonly weight?: number }[];
    }[];
  };
}

interface Deployment extends KubernetesObject {
  readonly metadata: KubernetesObject['metadata'] & { readonly generation?: number };
  readonly spec: {
    readonly replicas?: number;
    readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
  };
}

interface Application extends KubernetesObject {
  readonly status?: {
    readonly sync?: { readonly revision?: string; readonly status?: string };
    readonly health?: { readonly status?: string };
  };
}

interface Pod extends KubernetesObject {
  readonly status?: {
    readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** Watches all objects of a rollout, and notes each change in the journal. */
export class RolloutObserver {
  private current: RolloutState = { failedChecks: 0, weight: 0 };
  private readonly weightChanges: WeightChange[] = [];
  private readonly podStatuses = new Map<string, string>();
  private readonly podStartTimes = new PodStarts();
  private readonly controller = new AbortController();

  constructor(
    client: KubernetesClient,
    private readonly service: ServiceInEnvironment,
    private readonly journal: Journal,
  ) {
    const { namespace, argocdNamespace } = service;
    const watch = <T extends KubernetesObject>(path: string, observe: (object: T) => void) => {
      void watchCollection<T>({
        client,
        path,
        signal: this.controller.signal,
        onInterruption: (message) => journal.note('lab', `watch interrupted: ${message}`),
        onChange: (change) => {
          if (change.kind === 'deleted') {
            this.podStatuses.delete(change.object.metadata.name);
            return;
          }
          (change.kind === 'all' ? change.objects : [change.object]).forEach(observe);
        },
      });
    };
    watch<Canary>(`/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries`, (canary) => this.observeCanary(canary));
    watch<Route>(`/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`, (route) =>
      this.observeRoute(route),
    );
    watch<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`, (object) => this.observeDeployment(object));
    watch<Pod>(`/api/v1/namespaces/${namespace}/pods`, (pod) => this.observePod(pod));
    watch<Application>(`/apis/argoproj.io/v1alpha1/namespaces/${argocdNamespace}/applications`, (application) =>
      this.observeApplication(application),
    );
  }

  state(): RolloutState {
    return this.current;
  }

  /** How long new pods took to become ready, per Deployment. */
  podStarts(): readonly PodStart[] {
    return this.podStartTimes.starts();
  }

  weights(): readonly WeightChange[] {
    return this.weightChanges;
  }

  stop(): void {
    this.controller.abort();
  }

  private observeCanary({ metadata, status }: Canary): void {
    if (metadata.name !== this.service.name) {
      return;
    }
    const { phase, failedChecks = 0 } = status ?? {};
    if (phase !== undefined && phase !== this.current.phase) {
      this.journal.note('flagger', `phase ${phase}`);
    }
    this.current = { ...this.current, phase: phase ?? this.current.phase, failedChecks };
  }

  private observeRoute({ metadata, spec }: Route): void {
    const weight = spec.rules
      ?.flatMap(({ backendRefs = [] }) => backendRefs)
      .find(({ name }) => name === `${this.service.name}-canary`)?.weight;
    if (metadata.name !== this.service.name || weight === undefined) {
      return;
    }
    if (this.weightChanges.length === 0 || weight !== this.current.weight) {
      const at = Date.now();
      this.weightChanges.push({ at, canary: weight });
      this.journal.note('gateway', `${weight} % to the new version`, at);
    }
    this.current = { ...this.current, weight };
  }

  private observeDeployment(object: Deployment): void {
    const { metadata, spec } = object;
    const image = spec.template.spec.containers[0]?.image;
    if (image === undefined) {
      return;
    }
    const wanted = spec.replicas ?? 1;
    const complete = isComplete(object, wanted);
    this.podStartTimes.observe({ at: Date.now(), deployment: metadata.name, image, wanted, complete });
    if (metadata.name === this.service.name && image !== this.current.image) {
      this.journal.note('argocd', `applied ${shortImage(image)} to the Deployment`);
      this.current = { ...this.current, image };
    }
    if (metadata.name === `${this.service.name}-primary` && image !== this.current.primaryImage) {
      this.journal.note('flagger', `updated the primary to ${shortImage(image)}`);
      this.current = { ...this.current, primaryImage: image };
    }
  }

  private observePod({ metadata, status }: Pod): void {
    const [container] = status?.containerStatuses ?? [];
    if (container === undefined) {
      return;
    }
    const restarts = container.restartCount === 0 ? '' : `, ${container.restartCount} restarts`;
    const podStatus = `${container.ready ? 'ready' : 'not ready'}${restarts}`;
    if (this.podStatuses.get(metadata.name) !== podStatus) {
      this.podStatuses.set(metadata.name, podStatus);
      this.journal.note('kubernetes', `pod ${metadata.name}: ${podStatus}`);
    }
  }

  private observeApplication({ metadata, status }: Application): void {
    if (metadata.name !== `${this.service.environment}-${this.service.name}`) {
      return;
    }
    const revision = status?.sync?.status === 'Synced' ? status.sync.revision : undefined;
    if (revision !== undefined && revision !== this.current.syncedRevision) {
      this.journal.note('argocd', `synced to ledger commit ${revision.slice(0, 12)}`);
      this.current = { ...this.current, syncedRevision: revision };
    }
    const health = status?.health?.status;
    if (health !== undefined && health !== this.current.health) {
      this.current = { ...this.current, health };
    }
  }
}

/** Whether the controller has observed the last change, and all pods are updated and ready. */
function isComplete({ metadata, status = {} }: Deployment, wanted: number): boolean {
  const { observedGeneration = 0, replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  return (
    observedGeneration >= (metadata.generation ?? 0) &&
    [replicas, updatedReplicas, availableReplicas].every((count) => count === wanted)
  );
}

function shortImage(image: string): string {
  return image.replace(/^.*\/([^/@]+)@sha256:([0-9a-f]{12}).*$/, '$1@$2');
}
