import { type Duration, JsonPatch } from 'cdk8s';
import { type EnvValue, ImagePullPolicy, type ContainerProps as PlusContainerProps, type Probe } from 'cdk8s-plus-27';
import type { ImageReference } from '../../../lib/values';
import { containerPointer, probeFields } from './pointers';

/** The only container of the pods of a Deployment. */
export interface ContainerProps {
  readonly name: string;
  /** Reference by digest. A node that has the image therefore never pulls it again. */
  readonly image: ImageReference;
  /** Arguments of the program. Kubernetes expands `$(NAME)` in them, and turns `$$` into `$`. @default none */
  readonly args?: readonly string[];
  /** Ports of the container. The first is that of the requests. */
  readonly ports: readonly ContainerPort[];
  /** Environment variables by name. */
  readonly variables: Readonly<Record<string, EnvValue>>;
  /** CPU request, a Kubernetes quantity. There is no CPU limit, because throttling adds latency. */
  readonly cpu: string;
  /** Memory request and limit, a Kubernetes quantity. */
  readonly memory: string;
  /** Name of the port that answers the probes. */
  readonly probePort: string;
  /** Kubernetes starts the other probes after this one succeeds. */
  readonly startup: Probe;
  readonly readiness: Probe;
  readonly liveness: Probe;
}

/** A port of the container, which probes, monitors and Services refer to by name. */
export interface ContainerPort {
  readonly name: string;
  readonly port: number;
}

/** The container in terms of cdk8s-plus-27; {@link containerPatches} adds what the package does not support. */
export function plusContainer(props: ContainerProps): PlusContainerProps {
  return {
    name: props.name,
    image: props.image,
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    args: props.args === undefined || props.args.length === 0 ? undefined : [...props.args],
    // Not `portNumber`, which adds a startup probe.
    ports: props.ports.map(({ name, port }) => ({ name, number: port })),
    envVariables: { ...props.variables },
    resources: {},
    startup: props.startup,
    readiness: props.readiness,
    liveness: props.liveness,
  };
}

/** Patches for the fields of the container that cdk8s-plus-27 does not support. */
export function containerPatches(
  { cpu, memory, probePort }: Pick<ContainerProps, 'cpu' | 'memory' | 'probePort'>,
  drainPeriod: Duration,
): readonly JsonPatch[] {
  return [
    // The package rounds memory to whole MiB (lib/container.js:567): 2Gi would become 2048Mi, and 100Ki fail.
    JsonPatch.add(`${containerPointer}/resources`, { requests: { cpu, memory }, limits: { memory } }),
    // The package knows single capabilities only (lib/container.js:13), and keeps all if none is dropped.
    JsonPatch.add(`${containerPointer}/securityContext/capabilities`, { drop: ['ALL'] }),
    // The kubelet sleeps itself, because images have no shell (https://kep.k8s.io/3960). Kubernetes 1.27 did not support it.
    JsonPatch.add(`${containerPointer}/lifecycle`, { preStop: { sleep: { seconds: drainPeriod.toSeconds() } } }),
    // By name, which stays when the number changes. Probes of the package support numbers only (lib/_action.js:25).
    ...probeFields.map((probe) => JsonPatch.replace(`${containerPointer}/${probe}/httpGet/port`, probePort)),
  ];
}
