import type { Service } from '../../catalog';
import { exitCause } from './exit-cause';
import { metricFindings } from './judge-metrics';
import { outsideNeeds } from './outside-needs';
import { describeAnswer, type StartFinding, type StartRejectionCode } from './start-finding';
import type { StartPlan } from './start-plan';
import type { Answer, StartReport } from './start-report';

export interface StartJudgement {
  /** Why the release is rejected. */
  readonly rejections: readonly Rejection[];
  readonly warnings: readonly StartFinding[];
  /** Why this machine cannot run the program, which says nothing about the program. */
  readonly unsupported?: string;
}

type Rejection = StartFinding<StartRejectionCode>;

/** Judges what a first start found against what the catalog says of the service. */
export function judgeStart(service: Service, plan: StartPlan, report: StartReport): StartJudgement {
  const unsupported = report.output.find((line) => otherProcessor.test(line));
  if (unsupported !== undefined) {
    return { rejections: [], warnings: [], unsupported };
  }
  const unstartable = judgeProgram(service, plan, report);
  if (unstartable.rejections.length > 0) {
    return unstartable;
  }
  const needs = outsideNeeds(service);
  const remarks = remarkFindings(report);
  if (report.exited !== undefined) {
    const finding = exitFinding(report, needs);
    return isRejected(service, report, needs)
      ? { rejections: [finding], warnings: [] }
      : { rejections: [], warnings: [finding, ...remarks] };
  }
  const findings = [
    ...portFindings(plan, report),
    ...probeFindings(report),
    ...(report.metrics === undefined ? [] : metricFindings(plan, report.metrics)),
  ];
  return needs.length === 0
    ? { rejections: findings, warnings: remarks }
    : { rejections: [], warnings: [...findings, ...remarks] };
}

/** Judges the file of a program that was not started: its format, loader and libraries. */
export function judgeProgram(service: Service, plan: StartPlan, report: StartReport): StartJudgement {
  const finding = unstartableFinding(service, plan, report);
  return { rejections: finding === undefined ? [] : [finding], warnings: [] };
}

/** Go's own check of GOAMD64 and GOARM64 (runtime/asm_amd64.s), and the loader's of a library. */
const otherProcessor = /can only be run on \S+ processors with|CPU ISA level is lower than required/;

function unstartableFinding(
  service: Service,
  { command: [program = ''] }: StartPlan,
  { program: { problem, missing }, failed }: StartReport,
): Rejection | undefined {
  const finding = (message: string): Rejection => ({ code: 'program-unstartable', message });
  const names = missing.join(', ');
  const remedy = service.build.cgo
    ? 'add what is missing to the runtime base of the platform (bases.glibc, or bases.alpine), build against the libraries of that base (bases.builderCgo), or link statically (build.linkFlags: [-linkmode=external, -extldflags=-static])'
    : 'build a static binary: set build.cgo to false and remove -linkmode=external from build.linkFlags; or set build.cgo to true';
  switch (problem) {
    case 'not-found':
      return finding(`the image has no file ${program}: check build.main of ${service.name}`);
    case 'not-a-program':
      return finding(
        `${program} is not a Linux program: build.main must be a main package, and no setting of the builder may change GOOS or -buildmode`,
      );
    case 'not-executable':
      return finding(`user 65532 cannot execute the program (${names}): check what build.main writes`);
    case 'no-loader':
      return finding(`${program} needs the loader ${names}, which the image does not have: ${remedy}`);
    case 'missing-library':
      return finding(`${program} needs shared libraries that the image does not have (${names}): ${remedy}`);
    case 'old-library':
      return finding(
        `${program} needs newer versions of the libraries in the image (${names}): the builder is newer than the runtime base; ${remedy}`,
      );
    default:
      return failed === undefined ? undefined : finding(`the kernel does not start ${program}: ${failed}`);
  }
}

function exitFinding({ exited }: StartReport, needs: readonly string[]): Rejection {
  const how =
    exited?.signal === undefined
      ? `ended with exit code ${exited?.code}`
      : `was ended by the signal "${exited.signal}"`;
  const remedy =
    needs.length === 0
      ? 'a service runs until it receives SIGTERM. If it needs something from outside, name it in the catalog (secrets, network.to), give it start.settings, or set start.skip with the reason'
      : `the start has no network and no secrets, and the service needs ${needs.join(', ')}: give it start.settings with which it starts, or set start.skip with the reason`;
  return { code: 'exits-at-start', message: `the program ${how} on its own: ${remedy}` };
}

function isRejected(service: Service, { exited, output }: StartReport, needs: readonly string[]): boolean {
  if (needs.length === 0) {
    return true;
  }
  const secrets = Object.values(service.environments).flatMap((environment) => Object.keys(environment.secrets));
  const cause = exitCause(output, secrets);
  return cause === 'program' || (cause === 'unknown' && exited?.code === 0);
}

function portFindings({ ports }: StartPlan, { listening }: StartReport): readonly Rejection[] {
  const reachable = new Set(listening.filter(({ loopback }) => !loopback).map(({ port }) => port));
  // A port that the kernel chose differs from start to start.
  const others = [...reachable].filter((port) => !ports.includes(port) && port < firstEphemeralPort);
  return ports
    .filter((port) => !reachable.has(port))
    .map((port) => {
      const message = listening.some((socket) => socket.port === port)
        ? `the program listens on port ${port} of 127.0.0.1 only, which no other pod reaches: listen on all addresses (":${port}")`
        : others.length > 0
          ? `nothing listens on port ${port}; the program listens on ${others.join(', ')}: set the port in the catalog, or read it from the variable PORT`
          : `nothing listens on port ${port} within start.timeout: listen on the port of the catalog (the variable PORT has it), or raise start.timeout if the service needs longer`;
      return { code: 'port-closed' as const, message };
    });
}

/** Default of net.ipv4.ip_local_port_range. */
const firstEphemeralPort = 32768;

function probeFindings({ ready, live }: StartReport): readonly Rejection[] {
  const probes = [
    ['readiness', 'probes.ready', ready],
    ['liveness', 'probes.live', live],
  ] as const;
  return probes.flatMap(([name, field, answer]) =>
    answer === undefined || isHealthy(answer)
      ? []
      : [
          {
            code: 'probe-fails' as const,
            message: `the ${name} probe fails: ${describeAnswer(answer)}, expected 200 to 399: set ${field} (and probes.port) to what the service answers`,
          },
        ],
  );
}

/** What Kubernetes forbids or a request shows, and what a release can live with. */
function remarkFindings({ requests, written, stopped }: StartReport): readonly StartFinding[] {
  return [
    ...requests
      .filter(({ status = 0 }) => status < 100 || status >= 500)
      .map((answer) => ({
        code: 'request-fails' as const,
        message: `${describeAnswer(answer)}: set traffic.path or start.requests to paths that the service answers without other services`,
      })),
    ...(written.length === 0
      ? []
      : [
          {
            code: 'writes-outside-tmp' as const,
            message: `the program writes to ${written.join(', ')}: this fails in the cluster, where only /tmp is writable`,
          },
        ]),
    ...(stopped?.ignored === true && !stopped.exited
      ? [
          {
            code: 'ignores-sigterm' as const,
            message:
              'the program ignores SIGTERM: Kubernetes kills it at the end of shutdown.gracePeriod, with its open requests',
          },
        ]
      : []),
  ];
}

function isHealthy({ status = 0 }: Answer): boolean {
  return status >= 200 && status < 400;
}
