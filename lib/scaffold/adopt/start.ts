import type { StartPlan, StartReport } from '../../image/start';
import type { Finding } from './finding';
import { chooseOwnMetrics } from './metrics';
import { rankProbes } from './probes';
import type { Proposal } from './propose';
import type { DefinedMetric } from './reading';

/** What a proposal became after its image was started, and what a person should know of the start. */
export interface StartedProposal {
  readonly proposal: Proposal;
  readonly notes: readonly string[];
  /** Another start can find more, because the ports of this one were wrong. */
  readonly again: boolean;
}

const byStart = 'found by starting the image';

/** A start waits no longer, because a service that needs something from outside may never become ready. */
const timeoutSeconds = 10;

/** Adds the candidates of the source to what a first start asks: every path that may be a probe, on the ports of requests and metrics. */
export function observationPlan(plan: StartPlan, { paths }: Proposal): StartPlan {
  const ports = [...new Set([plan.ready.port, plan.requests[0]?.port ?? plan.ready.port, plan.metrics.port])];
  const candidates = ports.flatMap((port) => paths.map((path) => ({ port, path })));
  return { ...plan, timeoutSeconds, lenient: true, requests: [...plan.requests, ...candidates] };
}

/** Replaces what the source seemed to say by what the running program does. */
export function applyStart(proposal: Proposal, report: StartReport): StartedProposal {
  const { exited, output } = report;
  if (exited !== undefined) {
    const end = exited.signal === undefined ? `with exit code ${exited.code}` : `by ${exited.signal}`;
    const last = output.filter((line) => line.trim() !== '').slice(-3);
    return {
      proposal,
      notes: [
        `the image ends ${end} after ${exited.seconds.toFixed(1)} s: it needs arguments or settings that the source does not give`,
        ...last.map((line) => `  ${line}`),
      ],
      again: false,
    };
  }
  const withPort = applyPort(proposal, report);
  if (withPort !== proposal) {
    return { proposal: withPort, notes: [], again: true };
  }
  const started = applyMetrics(applyProbes(confirmPort(proposal, report), report), report);
  return { proposal: started, notes: notesOn(report), again: false };
}

/** The port on which the program listens, if it is another than that of the source and the only one. */
function applyPort(proposal: Proposal, { listening }: StartReport): Proposal {
  const open = listening.filter(({ loopback }) => !loopback).map(({ port }) => port);
  if (proposal.port !== undefined && open.includes(proposal.port.value)) {
    return proposal;
  }
  const others = [...new Set(open)].filter((port) => port !== proposal.metricsPort?.value && port >= 1024);
  const [port] = others;
  // Beside a port for requests of the same pod, the other one is likely that of the metrics.
  if (port === undefined || others.length > 1 || listening.some(({ loopback }) => loopback)) {
    return proposal;
  }
  return {
    ...proposal,
    port: { value: port, where: byStart },
    questions: proposal.questions.filter(({ field }) => field !== 'port'),
  };
}

/** Says that the program listens on the port of the source. */
function confirmPort(proposal: Proposal, { listening }: StartReport): Proposal {
  const { port } = proposal;
  return port !== undefined && port.where !== byStart && listening.some((socket) => socket.port === port.value)
    ? { ...proposal, port: { value: port.value, where: `${port.where}; ${byStart}` } }
    : proposal;
}

function applyProbes(proposal: Proposal, { requests, ready, live }: StartReport): Proposal {
  const { probes } = proposal;
  if (isHealthy(ready) && isHealthy(live)) {
    const confirm = ({ value, where }: Finding<string>) => ({ value, where: `${where}; ${byStart}` });
    return probes === undefined
      ? proposal
      : { ...proposal, probes: { ...probes, ready: confirm(probes.ready), live: confirm(probes.live) } };
  }
  const answers = requests.filter(isHealthy);
  const ports = [...new Set([proposal.port?.value, ...answers.map(({ port }) => port)])];
  for (const port of ports) {
    const paths = answers.filter((answer) => answer.port === port).map(({ path }) => path);
    const found = rankProbes(paths);
    if (port !== undefined && found !== undefined) {
      return {
        ...proposal,
        probes: {
          ready: { value: found.ready, where: byStart },
          live: { value: found.live, where: byStart },
          ...(port === proposal.port?.value ? {} : { port }),
        },
        questions: proposal.questions.filter(({ field }) => field !== 'probes'),
      };
    }
  }
  return proposal;
}

function applyMetrics(proposal: Proposal, report: StartReport): Proposal {
  const metrics = report.metrics?.status === 200 ? chooseOwnMetrics(definedMetrics(report)) : undefined;
  // An incomplete choice replaces nothing: a request that was not sent may create the rest.
  if (metrics === undefined || metrics.questions.length > 0) {
    return proposal;
  }
  return {
    ...proposal,
    metrics: { ...metrics, where: [...proposal.metrics.where, byStart] },
    questions: proposal.questions.filter(({ field }) => !field.startsWith('metrics')),
  };
}

/** Families of the samples that the running program exports. */
function definedMetrics({ metrics }: StartReport): readonly DefinedMetric[] {
  return (metrics?.metrics ?? []).flatMap(({ name, labels, type }): readonly DefinedMetric[] => {
    const metric = {
      package: '',
      labels: labels.filter((label) => label !== 'le'),
      complete: true,
      native: false,
      prefixed: false,
      file: byStart,
      line: 0,
    };
    if (type === 'counter' && !name.endsWith('_created')) {
      return [{ ...metric, kind: 'counter', name }];
    }
    return type === 'histogram' && name.endsWith('_bucket')
      ? [{ ...metric, kind: 'histogram', name: name.replace(/_bucket$/, '') }]
      : [];
  });
}

function notesOn({ written, metrics, listening }: StartReport): readonly string[] {
  const open = listening.filter(({ loopback }) => !loopback).map(({ port }) => port);
  const closed = [...new Set(listening.map(({ port }) => port))].filter((port) => !open.includes(port));
  return [
    ...closed.map(
      (port) =>
        `port ${port} accepts only requests of the same pod: add the argument or the setting that makes the program listen on every interface (0.0.0.0)`,
    ),
    ...(written.length === 0
      ? []
      : [`the program writes to ${written.join(', ')}: in the cluster, only /tmp is writable`]),
    ...(metrics === undefined || metrics.status === 200
      ? []
      : [
          `GET ${metrics.path} on port ${metrics.port} does not answer with metrics: ${metrics.status ?? metrics.error ?? 'no answer'}`,
        ]),
  ];
}

function isHealthy(answer: { readonly status?: number | undefined } | undefined): boolean {
  const status = answer?.status ?? 0;
  return status >= 200 && status < 400;
}
