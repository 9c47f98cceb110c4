import { ApiObjectMetadataDefinition, Duration, JsonPatch } from 'cdk8s';
import {
  type Container,
  DeploymentStrategy,
  LabelSelector,
  PercentOrAbsolute,
  Deployment as PlusDeployment,
  ServiceAccount,
  type Topology,
  Volume,
} from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { type ContainerProps, containerPatches, plusContainer } from './container';
import { removalPatches } from './overridden-defaults';
import { patchManifest } from './patch-manifest';
import { podSpecPointer } from './pointers';

/** Properties of a {@link Deployment}. */
export interface DeploymentProps {
  readonly metadata: Metadata;
  /** Labels of the pods, including those of the selector. */
  readonly podLabels: Readonly<Record<string, string>>;
  /** Annotations of the pods. @default none */
  readonly podAnnotations?: Readonly<Record<string, string>>;
  /** The one label that selects the pods, with a name that Flagger supports: `app`, `name` or `app.kubernetes.io/name`. */
  readonly selector: Readonly<Record<string, string>>;
  /** Name of the service account of the pods. Its token is not mounted. */
  readonly serviceAccount: string;
  /** User and group of the processes. Not 0. */
  readonly user: number;
  /** How long pods may take to become ready. */
  readonly progressDeadline: Duration;
  /** How long a terminating pod keeps serving, until every proxy has stopped sending requests to it. */
  readonly drainPeriod: Duration;
  /** How long the process may take to exit after the drain period, before it is killed. */
  readonly shutdownPeriod: Duration;
  readonly container: ContainerProps;
}

/**
 * A Deployment for Flagger and Argo CD: it sets no replicas, selects pods by one label, and has nothing in its pod template by default, so that
 * only a change of the service or of its image starts a rollout. Its pods meet the restricted pod security standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 */
export class Deployment extends PlusDeployment {
  private readonly selectorLabels: Readonly<Record<string, string>>;
  private readonly ownPodMetadata: ApiObjectMetadataDefinition;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    const { user } = props;
    super(scope, id, {
      metadata: props.metadata,
      select: false,
      serviceAccount: ServiceAccount.fromServiceAccountName(scope, `${id}Account`, props.serviceAccount),
      securityContext: { user, group: user, fsGroup: user },
      progressDeadline: props.progressDeadline,
      terminationGracePeriod: Duration.seconds(props.drainPeriod.toSeconds() + props.shutdownPeriod.toSeconds()),
      // Starts a new pod before it stops an old one.
      strategy: DeploymentStrategy.rollingUpdate({
        maxUnavailable: PercentOrAbsolute.absolute(0),
        maxSurge: PercentOrAbsolute.absolute(1),
      }),
      containers: [plusContainer(props.container)],
    });
    this.selectorLabels = props.selector;
    this.select(LabelSelector.of({ labels: { ...props.selector } }));
    // Leaves `replicas` to the autoscaler and to Flagger, which scales the target to zero between rollouts.
    this.markHasAutoscaler();
    this.ownPodMetadata = new ApiObjectMetadataDefinition({
      labels: { ...props.podLabels },
      annotations: props.podAnnotations === undefined ? undefined : { ...props.podAnnotations },
      apiObject: this.apiObject,
    });
    patchManifest(this.apiObject, [
      ...removalPatches('Deployment'),
      ...containerPatches(props.container, props.drainPeriod),
      JsonPatch.add(`${podSpecPointer}/enableServiceLinks`, false),
      JsonPatch.add(`${podSpecPointer}/securityContext/seccompProfile`, { type: 'RuntimeDefault' }),
    ]);
  }

  /** The pod metadata without the address label of cdk8s, which Flagger would copy to the primary. */
  override get podMetadata(): ApiObjectMetadataDefinition {
    return this.ownPodMetadata;
  }

  /** The only container, for example to mount volumes. */
  get container(): Container {
    return this.containers[0] as Container;
  }

  /** Mounts an empty folder that the container can write to. @param sizeLimit Kubernetes quantity; a pod above it is evicted */
  mountScratch(path: string, name: string, sizeLimit: string): void {
    const index = new Set(this.container.mounts.map(({ volume }) => volume.name)).size;
    this.container.mount(path, Volume.fromEmptyDir(this, `Scratch-${name}`, name));
    // The package rounds sizes to whole MiB (lib/volume.js:149).
    patchManifest(this.apiObject, [JsonPatch.add(`${podSpecPointer}/volumes/${index}/emptyDir`, { sizeLimit })]);
  }

  /** Spreads the pods evenly across topology domains, for example zones. If there is no room, a pod runs in a crowded domain. */
  spreadAcross(...topologies: readonly Topology[]): void {
    const constraints = topologies.map(({ key }) => ({
      maxSkew: 1,
      topologyKey: key,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: { ...this.selectorLabels } },
    }));
    patchManifest(this.apiObject, [JsonPatch.add(`${podSpecPointer}/topologySpreadConstraints`, constraints)]);
  }

  /** Sets how many old ReplicaSets to keep for inspection. Rollbacks do not use them: the ledger restores the previous release. */
  keepRevisions(count: number): void {
    patchManifest(this.apiObject, [JsonPatch.add('/spec/revisionHistoryLimit', count)]);
  }

  /** @throws Error always: Flagger creates the Service of this name, and keeps the selector of one that exists already (flagger#1407) */
  override exposeViaService(): never {
    throw new Error(`'${this.name}' must not be exposed by a Service: Flagger creates the Services of a Canary itself`);
  }

  /** @throws Error always: the HTTPRoute of the Canary exposes the service */
  override exposeViaIngress(): never {
    return this.exposeViaService();
  }
}
