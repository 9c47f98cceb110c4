import { type Duration, JsonPatch } from 'cdk8s';
import { type EnvValue, ImagePullPolicy, type ContainerProps as PlusContainerProps, type Probe } from 'cdk8s-plus-27';
import type { ImageReference } from '../../../lib/values';
import { container, probes } from './pointers';

/** The one container of a service's pods. */
export interface ContainerProps {
  readonly name: string;
  /** By digest, and so never to be asked for twice. */
  readonly image: ImageReference;
  /** Where it answers HTTP; the port is called `http` everywhere. */
  readonly port: number;
  readonly variables: Readonly<Record<string, EnvValue>>;
  /** Kubernetes quantities. Memory is what is asked for and the limit; the CPU has none, which would make latencies of its own. */
  readonly cpu: string;
  readonly memory: string;
  readonly startup: Probe;
  readonly readiness: Probe;
  readonly liveness: Probe;
}

const port = 'http';

/** The container as cdk8s-plus-27 can say it. */
export function plusContainer(props: ContainerProps): PlusContainerProps {
  return {
    name: props.name,
    image: props.image,
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    // Not `portNumber`, which brings a probe of its own.
    ports: [{ name: port, number: props.port }],
    envVariables: { ...props.variables },
    resources: {},
    startup: props.startup,
    readiness: props.readiness,
    liveness: props.liveness,
  };
}

/** What it can not. */
export function containerCorrections(
  { cpu, memory }: Pick<ContainerProps, 'cpu' | 'memory'>,
  drain: Duration,
): readonly JsonPatch[] {
  return [
    // Its sizes are whole MiB in a unit of its own (lib/container.js:567), so that 2Gi would be 2048Mi, and 100Ki an error.
    JsonPatch.add(`${container}/resources`, { requests: { cpu, memory }, limits: { memory } }),
    // Its capabilities are single ones (lib/container.js:13), and none means that all stay.
    JsonPatch.add(`${container}/securityContext/capabilities`, { drop: ['ALL'] }),
    // Images have no shell: the kubelet waits itself (https://kep.k8s.io/3960). Kubernetes 1.27 did not know how.
    JsonPatch.add(`${container}/lifecycle`, { preStop: { sleep: { seconds: drain.toSeconds() } } }),
    // By name, which stays when the number changes; its probes know numbers alone (lib/_action.js:25).
    ...probes.map((probe) => JsonPatch.replace(`${container}/${probe}/httpGet/port`, port)),
  ];
}
