import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { renderer } from '../../charts/render';
import type { ServiceInEnvironment } from '../../lib/catalog';
import {
  type Assessment,
  assess,
  defaultPodStartSeconds,
  demandOf,
  type FaultName,
  planOf,
  type Span,
  timeToPromote,
} from '../../lib/rollout';
import { rollback } from '../../lib/steps/gitops/rollback';
import { parseImageReference } from '../../lib/values';
import { gatewayUrl } from '../delivery/gateway';
import type { ClusterDriver } from '../driver';
import { KubernetesClient } from '../kubernetes/client';
import { type LabServiceName, labCatalog, labService } from '../lab-catalog';
import type { Layout } from '../layout';
import { parseReceivedAlert, type ReceivedAlert, receivedAlertsPath } from '../monitoring/alert-receiver';
import type { Journal, WeightChange } from '../observe/journal';
import { LoadGenerator } from '../observe/load-generator';
import { LogFollower, parseFlaggerLine } from '../observe/log-follower';
import { exposureOf, isFailed, type UserResponse } from '../observe/responses';
import { RolloutObserver, type RolloutState } from '../observe/rollout-observer';
import { type LabRelease, releaseVersion } from '../release/release-hello';
import type { ServiceVersion } from '../release/service-version';
import { logPath } from '../run/supervisor';

/** An expectation of a scenario, and whether it was met. */
export interface Expectation {
  readonly sentence: string;
  readonly met: boolean;
}

/** What a scenario measured, and what was computed for it. */
export interface Measurement {
  readonly computed?: Span;
  /** The fault of the assessment that the computed times belong to. */
  readonly fault?: FaultName;
  readonly measuredSeconds?: number;
  readonly badResponses: number;
  readonly lostRequests: number;
}

/** The limits of the service's objectives. */
export interface ObjectiveLimits {
  readonly errorPercent: number;
  readonly p99Milliseconds: number;
}

/** What a scenario works with: the cluster, the release pipeline, load, and observers that write the journal. */
export class ScenarioContext {
  readonly client: KubernetesClient;
  readonly service: ServiceInEnvironment;
  readonly assessment: Assessment;
  readonly expectations: Expectation[] = [];
  readonly releases: LabRelease[] = [];
  measurement: Measurement = { badResponses: 0, lostRequests: 0 };
  private readonly rollout: RolloutObserver;
  private readonly flaggerLog: LogFollower;
  private readonly alertLog: LogFollower;
  private readonly alerts: ReceivedAlert[] = [];
  private load: LoadGenerator | undefined;
  private countedResponses: readonly UserResponse[] = [];

  constructor(
    readonly layout: Layout,
    readonly cluster: ClusterDriver,
    readonly journal: Journal,
    name: LabServiceName = 'hello',
  ) {
    this.client = KubernetesClient.fromKubeconfig(cluster.kubeconfig());
    this.service = labService(labCatalog(), name);
    this.assessment = assess(planOf(this.service), demandOf(this.service));
    this.rollout = new RolloutObserver(this.client, this.service, journal);
    const canary = `${this.service.name}.${this.service.namespace}`;
    this.flaggerLog = new LogFollower(logPath(layout, 'flagger'), (line) => {
      const entry = parseFlaggerLine(line, canary);
      if (entry !== undefined) {
        journal.note('flagger', entry.text, entry.at);
      }
    });
    this.alertLog = new LogFollower(receivedAlertsPath(layout), (line) => {
      const alert = parseReceivedAlert(line);
      if (alert !== undefined) {
        this.alerts.push(alert);
        journal.note(
          'alertmanager',
          `${alert.name} ${alert.status}: notified ${describeReceiver(alert.receiver)}`,
          alert.at,
        );
      }
    });
  }

  /** Stops the observers and the load. What they recorded is kept. */
  close(): void {
    this.load?.kill();
    this.flaggerLog.stop();
    this.alertLog.stop();
    this.rollout.stop();
    this.client.close();
  }

  state(): RolloutState {
    return this.rollout.state();
  }

  weights(): readonly WeightChange[] {
    return this.rollout.weights();
  }

  /** The first firing alert of that name that a receiver got, optionally since a time. */
  findAlert(wanted: {
    readonly name: string;
    readonly receiver: string;
    readonly since?: number;
  }): ReceivedAlert | undefined {
    const { name, receiver, since = 0 } = wanted;
    return this.alerts.find(
      (alert) => alert.name === name && alert.receiver === receiver && alert.status === 'firing' && alert.at >= since,
    );
  }

  /** The computed time of a promotion. If pods started more slowly than the plan assumes, uses their measured time, and notes it in the journal. */
  promotionSpan(): Span {
    const { plan, demand } = this.assessment;
    const assumed = demand.podStartSeconds ?? defaultPodStartSeconds;
    const slowStarts = this.rollout.podStarts().filter(({ seconds }) => seconds > assumed);
    for (const { deployment, seconds } of slowStarts) {
      this.journal.note(
        'lab',
        `the pods of ${deployment} were ready after ${seconds.toFixed(1)} s; the computed time of a promotion assumes ${assumed} s`,
      );
    }
    const podStartSeconds = Math.max(assumed, ...slowStarts.map(({ seconds }) => seconds));
    return { best: this.assessment.promote.best, worst: timeToPromote(plan, { ...demand, podStartSeconds }).worst };
  }

  limits(): ObjectiveLimits {
    const { errorRateLimit, p99LimitSeconds } = this.assessment.demand;
    return { errorPercent: 100 * errorRateLimit, p99Milliseconds: 1000 * p99LimitSeconds };
  }

  responses(): readonly UserResponse[] {
    return this.load?.responses() ?? this.countedResponses;
  }

  expect(met: boolean, sentence: string): void {
    this.expectations.push({ sentence, met });
    this.journal.note('lab', `${met ? '✓' : '✗'} ${sentence}`);
  }

  /** @throws Error with the state of the cluster if the condition is not met in time */
  async waitUntil(
    what: string,
    seconds: number,
    condition: (state: RolloutState) => boolean | Promise<boolean>,
  ): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; !(await condition(this.state())); ) {
      if (Date.now() > deadline) {
        throw new Error(`timed out after ${seconds} s, waiting until ${what}; state: ${JSON.stringify(this.state())}`);
      }
      await sleep(50);
    }
  }

  /** Starts the load, at the rate that the catalog expects. */
  async startLoad(): Promise<void> {
    const { hostname, requestsPerSecond } = this.service;
    await this.waitUntil('the gateway responds', 60, async () => (await this.servedVersion()) !== undefined);
    this.journal.note('users', `${requestsPerSecond} requests per second to ${hostname}`);
    this.load = LoadGenerator.start(this.layout, hostname, requestsPerSecond);
  }

  /** Stops the load, and counts the responses. @throws Error if the load generator had ended by itself */
  async stopLoad(): Promise<readonly UserResponse[]> {
    const { load } = this;
    if (load === undefined) {
      return this.countedResponses;
    }
    const { responses, expected } = await load.stop();
    this.countedResponses = responses;
    this.load = undefined;
    this.journal.note('users', `${responses.length} responses counted`);
    if (responses.length < expected) {
      this.expect(false, `the load kept its rate: ${responses.length} responses, expected at least ${expected}`);
    }
    return responses;
  }

  /** Commits a version of the service, and runs the release pipeline for it. */
  async release(hello: ServiceVersion): Promise<LabRelease> {
    const release = await releaseVersion(
      this.layout,
      { service: this.service.name as LabServiceName, version: hello },
      this.journal,
    );
    this.releases.push(release);
    return release;
  }

  /** The version behind the gateway; undefined if the service does not respond. */
  async servedVersion(): Promise<string | undefined> {
    return new Promise((resolve) => {
      // fetch does not allow a custom Host header.
      const request = get(gatewayUrl(this.layout), {
        headers: { host: this.service.hostname },
        agent: false,
        timeout: 1000,
      });
      request.on('response', (response) => {
        response.resume();
        const version = response.headers['x-version'];
        resolve(response.statusCode === 200 && typeof version === 'string' ? version : undefined);
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(undefined));
    });
  }

  /** A healthy version that does not run yet. */
  async nextGoodVersion(): Promise<ServiceVersion> {
    return { version: (await this.servedVersion()) === '1.1.0' ? '1.2.0' : '1.1.0' };
  }

  /**
   * Runs `bowline rollback`, and waits until Argo CD has synced it.
   * @param to digest to roll back to. Default: the previous release
   */
  async rollBack(reason: string, to?: string): Promise<{ readonly commit: string }> {
    const { name, environment, ledger } = this.service;
    const { repository, branch } = ledger;
    const result = await rollback({
      ledger: { repository, branch },
      service: name,
      environment,
      reason,
      renderer,
      to,
    });
    const { commit } = result;
    if (commit === undefined) {
      throw new Error(
        `bowline rollback to ${result.to.slice(7, 19)} changed nothing: the ledger has this release already`,
      );
    }
    this.journal.note('git', `ledger commit ${commit.slice(0, 12)}: rollback to ${result.to.slice(7, 19)}`);
    await this.waitUntil('Argo CD has synced the rollback', 60, ({ syncedRevision }) => syncedRevision === commit);
    return { commit };
  }

  /** Waits until no rollout is in progress. If the last one was rolled back, rolls git back too, so that git and cluster agree. */
  async restoreStableState(): Promise<void> {
    await this.waitUntil(
      'no rollout is in progress',
      240,
      ({ phase, primaryImage, image }) =>
        image !== undefined &&
        primaryImage !== undefined &&
        ['Initialized', 'Succeeded', 'Failed'].includes(phase ?? ''),
    );
    const { image, primaryImage } = this.state();
    if (primaryImage !== undefined && image !== primaryImage) {
      await this.rollBack('the release was rolled back', parseImageReference(primaryImage).digest);
      await this.waitUntil('the Deployment has the good image', 60, (state) => state.image === state.primaryImage);
    }
  }

  /** Measures what users got. With a fault, also compares the exposure with the computed time. */
  measureExposure(isBad: (response: UserResponse) => boolean = isFailed, fault?: FaultName): void {
    const { bad, lost, seconds, firstBadAt, lastBadAt } = exposureOf(this.responses(), isBad);
    if (firstBadAt !== undefined && lastBadAt !== undefined) {
      this.journal.note('users', 'first bad response', firstBadAt);
      this.journal.note('users', 'last bad response', lastBadAt);
    }
    this.measurement = {
      ...this.measurement,
      badResponses: bad,
      lostRequests: lost,
      ...(fault === undefined ? {} : { ...this.computedRollback(fault), measuredSeconds: seconds }),
    };
  }

  computedRollback(fault: FaultName): { readonly computed: Span; readonly fault: FaultName } {
    const assessed = this.assessment.faults.find((each) => each.fault === fault);
    if (assessed === undefined) {
      throw new Error(`the assessment has no rollback time for ${fault}`);
    }
    return { computed: assessed.rollback, fault };
  }
}

/** Who would get the alert outside the lab, by the last path segment of the webhook. */
function describeReceiver(receiver: string): string {
  return receiver === 'alerts' ? 'the agent' : `the ${receiver} receiver`;
}
