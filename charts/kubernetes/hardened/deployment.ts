import { ApiObjectMetadataDefinition, Duration, JsonPatch } from 'cdk8s';
import {
  type Container,
  DeploymentStrategy,
  LabelSelector,
  PercentOrAbsolute,
  Deployment as PlusDeployment,
  ServiceAccount,
  type Topology,
} from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { Metadata } from '../metadata';
import { type ContainerProps, containerCorrections, plusContainer } from './container';
import { removals } from './overridden-defaults';
import { correct } from './patch-manifest';
import { pod } from './pointers';

export interface DeploymentProps {
  readonly metadata: Metadata;
  readonly podLabels: Readonly<Record<string, string>>;
  /** Those of them that select: one, of a name that Flagger takes. */
  readonly selector: Readonly<Record<string, string>>;
  /** Name of the account that pods run as. They get no token of it. */
  readonly serviceAccount: string;
  /** The unprivileged user and group of the processes. */
  readonly user: number;
  /** How long pods may take to get ready. */
  readonly progressDeadline: Duration;
  /** How long a leaving pod goes on answering, until every proxy has heard that it leaves. */
  readonly drain: Duration;
  /** From then until the process is killed. */
  readonly grace: Duration;
  readonly container: ContainerProps;
}

/**
 * A Deployment that Flagger and Argo CD can live with: named, selected by one label, without replicas, and with nothing in its pod template
 * that is not meant. Restricted, as pod security admission wants it (https://kubernetes.io/docs/concepts/security/pod-security-standards/).
 */
export class Deployment extends PlusDeployment {
  private readonly selectorLabels: Readonly<Record<string, string>>;
  private readonly corrections: JsonPatch[];
  private readonly ownPodMetadata: ApiObjectMetadataDefinition;

  constructor(scope: Construct, id: string, props: DeploymentProps) {
    const { user } = props;
    super(scope, id, {
      metadata: props.metadata,
      select: false,
      serviceAccount: ServiceAccount.fromServiceAccountName(scope, `${id}Account`, props.serviceAccount),
      securityContext: { user, group: user, fsGroup: user },
      progressDeadline: props.progressDeadline,
      terminationGracePeriod: Duration.seconds(props.drain.toSeconds() + props.grace.toSeconds()),
      // A new pod first, then an old one less.
      strategy: DeploymentStrategy.rollingUpdate({
        maxUnavailable: PercentOrAbsolute.absolute(0),
        maxSurge: PercentOrAbsolute.absolute(1),
      }),
      containers: [plusContainer(props.container)],
    });
    this.selectorLabels = props.selector;
    this.select(LabelSelector.of({ labels: { ...props.selector } }));
    // Replicas are the autoscaler's, and Flagger's, who takes them to none between rollouts.
    this.markHasAutoscaler();
    this.ownPodMetadata = new ApiObjectMetadataDefinition({
      labels: { ...props.podLabels },
      apiObject: this.apiObject,
    });
    this.corrections = [
      ...removals('Deployment'),
      ...containerCorrections(props.container, props.drain),
      JsonPatch.add(`${pod}/enableServiceLinks`, false),
      JsonPatch.add(`${pod}/securityContext/seccompProfile`, { type: 'RuntimeDefault' }),
    ];
    correct(this.apiObject, this.corrections);
  }

  /** Without the address label, that the primary would carry too. */
  override get podMetadata(): ApiObjectMetadataDefinition {
    return this.ownPodMetadata;
  }

  /** The one container, to mount volumes in. */
  get container(): Container {
    return this.containers[0] as Container;
  }

  /** Spreads pods evenly over what a topology names, as far as there is room: a pod in the wrong zone beats none. */
  spreadOver(...topologies: readonly Topology[]): void {
    this.corrections.push(
      JsonPatch.add(
        `${pod}/topologySpreadConstraints`,
        topologies.map(({ key }) => ({
          maxSkew: 1,
          topologyKey: key,
          whenUnsatisfiable: 'ScheduleAnyway',
          labelSelector: { matchLabels: { ...this.selectorLabels } },
        })),
      ),
    );
  }

  /** Keeps so many ReplicaSets of before, for people to look at: going back is the ledger's. */
  keepRevisions(count: number): void {
    this.corrections.push(JsonPatch.add('/spec/revisionHistoryLimit', count));
  }

  /** @throws Error: the Service of this name is Flagger's, which would find another's selector in it (flagger#1407) */
  override exposeViaService(): never {
    throw new Error(`'${this.name}' must not be exposed by a Service of ours: Flagger makes it, and two beside it`);
  }

  /** @throws Error: the way from outside is Flagger's HTTPRoute */
  override exposeViaIngress(): never {
    return this.exposeViaService();
  }
}
