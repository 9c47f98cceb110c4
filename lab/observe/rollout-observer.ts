import type { ServiceInEnvironment } from '../../lib/catalog';
import type { KubernetesObject } from '../kubernetes/apply';
import type { KubernetesClient } from '../kubernetes/client';
import { follow } from '../kubernetes/watch-collection';
import type { Journal, WeightChange } from './journal';
import { type PodStart, PodStarts } from './pod-starts';

/** What the cluster says of a service now. */
export interface RolloutState {
  readonly phase?: string;
  readonly failedChecks: number;
  /** Weight of the new version, in percent. */
  readonly weight: number;
  /** Image of the Deployment that Argo CD writes. */
  readonly image?: string;
  /** Image of the Deployment that serves between rollouts. */
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

/** Follows all that a rollout touches, and writes each change into the journal as it is seen. */
export class RolloutWatch {
  private now: RolloutState = { failedChecks: 0, weight: 0 };
  private readonly changes: WeightChange[] = [];
  private readonly pods = new Map<string, string>();
  private readonly starting = new PodStarts();
  private readonly controller = new AbortController();

  constructor(
    client: KubernetesClient,
    private readonly service: ServiceInEnvironment,
    private readonly journal: Journal,
  ) {
    const { namespace, argocdNamespace } = service;
    const each = <T extends KubernetesObject>(path: string, see: (object: T) => void) => {
      const onTrouble = (message: string) => journal.note('lab', `not watched for a moment: ${message}`);
      void follow<T>(client, path, { signal: this.controller.signal, onTrouble }, (change) => {
        if (change.kind === 'deleted') {
          this.pods.delete(change.object.metadata.name);
          return;
        }
        (change.kind === 'all' ? change.objects : [change.object]).forEach(see);
      });
    };
    each<Canary>(`/apis/flagger.app/v1beta1/namespaces/${namespace}/canaries`, (canary) => this.seeCanary(canary));
    each<Route>(`/apis/gateway.networking.k8s.io/v1/namespaces/${namespace}/httproutes`, (route) =>
      this.seeRoute(route),
    );
    each<Deployment>(`/apis/apps/v1/namespaces/${namespace}/deployments`, (object) => this.seeDeployment(object));
    each<Pod>(`/api/v1/namespaces/${namespace}/pods`, (pod) => this.seePod(pod));
    each<Application>(`/apis/argoproj.io/v1alpha1/namespaces/${argocdNamespace}/applications`, (application) =>
      this.seeApplication(application),
    );
  }

  state(): RolloutState {
    return this.now;
  }

  /** How long pods took to get ready, of all Deployments that got new ones. */
  podStarts(): readonly PodStart[] {
    return this.starting.starts();
  }

  weights(): readonly WeightChange[] {
    return this.changes;
  }

  stop(): void {
    this.controller.abort();
  }

  private seeCanary({ metadata, status }: Canary): void {
    if (metadata.name !== this.service.name) {
      return;
    }
    const { phase, failedChecks = 0 } = status ?? {};
    if (phase !== undefined && phase !== this.now.phase) {
      this.journal.note('flagger', `phase ${phase}`);
    }
    this.now = { ...this.now, ...(phase === undefined ? {} : { phase }), failedChecks };
  }

  private seeRoute({ metadata, spec }: Route): void {
    const weight = spec.rules
      ?.flatMap(({ backendRefs = [] }) => backendRefs)
      .find(({ name }) => name === `${this.service.name}-canary`)?.weight;
    if (metadata.name !== this.service.name || weight === undefined) {
      return;
    }
    if (this.changes.length === 0 || weight !== this.now.weight) {
      const at = Date.now();
      this.changes.push({ at, canary: weight });
      this.journal.note('gateway', `${weight} % to the new version`, at);
    }
    this.now = { ...this.now, weight };
  }

  private seeDeployment(object: Deployment): void {
    const { metadata, spec } = object;
    const image = spec.template.spec.containers[0]?.image;
    if (image === undefined) {
      return;
    }
    const wanted = spec.replicas ?? 1;
    const complete = isComplete(object, wanted);
    this.starting.see({ at: Date.now(), deployment: metadata.name, image, wanted, complete });
    if (metadata.name === this.service.name && image !== this.now.image) {
      this.journal.note('argocd', `the Deployment has ${shortImage(image)}`);
      this.now = { ...this.now, image };
    }
    if (metadata.name === `${this.service.name}-primary` && image !== this.now.primaryImage) {
      this.journal.note('flagger', `the primary gets ${shortImage(image)}`);
      this.now = { ...this.now, primaryImage: image };
    }
  }

  private seePod({ metadata, status }: Pod): void {
    const [container] = status?.containerStatuses ?? [];
    if (container === undefined) {
      return;
    }
    const restarts = container.restartCount === 0 ? '' : `, ${container.restartCount} restarts`;
    const said = `${container.ready ? 'ready' : 'not ready'}${restarts}`;
    if (this.pods.get(metadata.name) !== said) {
      this.pods.set(metadata.name, said);
      this.journal.note('kubernetes', `pod ${metadata.name}: ${said}`);
    }
  }

  private seeApplication({ metadata, status }: Application): void {
    if (metadata.name !== `${this.service.environment}-${this.service.name}`) {
      return;
    }
    const revision = status?.sync?.status === 'Synced' ? status.sync.revision : undefined;
    if (revision !== undefined && revision !== this.now.syncedRevision) {
      this.journal.note('argocd', `synced to ledger commit ${revision.slice(0, 12)}`);
      this.now = { ...this.now, syncedRevision: revision };
    }
    const health = status?.health?.status;
    if (health !== undefined && health !== this.now.health) {
      this.now = { ...this.now, health };
    }
  }
}

/** Whether the Deployment's controller has seen the last change, and all pods are of it and ready. */
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
