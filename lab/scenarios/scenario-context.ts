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
import { helloOf, labCatalog } from '../lab-catalog';
import type { Layout } from '../layout';
import { parseReceivedAlert, type ReceivedAlert, receivedAlertsPath } from '../monitoring/alert-receiver';
import type { Journal } from '../observe/journal';
import { Load } from '../observe/load-generator';
import { flaggerWords, LogFollower } from '../observe/log-follower';
import { type Answer, exposureOf, failed } from '../observe/responses';
import { type RolloutState, RolloutWatch } from '../observe/rollout-observer';
import type { HelloVersion } from '../release/hello-version';
import { type LabRelease, releaseHello } from '../release/release-hello';
import { logPath } from '../run/supervisor';

/** Something that had to be so, and whether it was. */
export interface Expectation {
  readonly sentence: string;
  readonly met: boolean;
}

/** What a scenario measured, beside what was computed. */
export interface Measurement {
  readonly computed?: Span;
  /** Which of the assessment's faults the computed times are of. */
  readonly fault?: FaultName;
  readonly measuredSeconds?: number;
  readonly badAnswers: number;
  readonly lostAnswers: number;
}

/** What a scenario plays on: the cluster, the road into it, users, and eyes on all of them. */
export class Stage {
  readonly client: KubernetesClient;
  readonly service: ServiceInEnvironment;
  readonly assessment: Assessment;
  readonly expectations: Expectation[] = [];
  readonly releases: LabRelease[] = [];
  measurement: Measurement = { badAnswers: 0, lostAnswers: 0 };
  private readonly watch: RolloutWatch;
  private readonly log: LogFollower;
  private readonly alertLog: LogFollower;
  private readonly alerts: ReceivedAlert[] = [];
  private load: Load | undefined;
  private answered: readonly Answer[] = [];

  constructor(
    readonly layout: Layout,
    readonly cluster: ClusterDriver,
    readonly journal: Journal,
  ) {
    this.client = KubernetesClient.fromKubeconfig(cluster.kubeconfig());
    this.service = helloOf(labCatalog());
    this.assessment = assess(planOf(this.service), demandOf(this.service));
    this.watch = new RolloutWatch(this.client, this.service, journal);
    const canary = `${this.service.name}.${this.service.namespace}`;
    this.log = new LogFollower(logPath(layout, 'flagger'), (line) => {
      const words = flaggerWords(line, canary);
      if (words !== undefined) {
        journal.note('flagger', words.text, words.at);
      }
    });
    this.alertLog = new LogFollower(receivedAlertsPath(layout), (line) => {
      const alert = parseReceivedAlert(line);
      if (alert !== undefined) {
        this.alerts.push(alert);
        journal.note('alertmanager', `${alert.name} ${alert.status}: told to ${whoIs(alert.receiver)}`, alert.at);
      }
    });
  }

  /** Ends all watching, and users that still ask. What was seen stays. */
  close(): void {
    this.load?.abandon();
    this.log.stop();
    this.alertLog.stop();
    this.watch.stop();
    this.client.close();
  }

  state(): RolloutState {
    return this.watch.state();
  }

  weights() {
    return this.watch.weights();
  }

  /** The first that a receiver was told of an alert that fires; since a moment, if one is given. */
  alert(name: string, receiver: string, since = 0): ReceivedAlert | undefined {
    return this.alerts.find(
      (alert) => alert.name === name && alert.receiver === receiver && alert.status === 'firing' && alert.at >= since,
    );
  }

  /** How long a promotion may take: where pods needed longer to start than the plan assumes, by what they took, which is said. */
  promotion(): Span {
    const { plan, demand } = this.assessment;
    const assumed = demand.podStartSeconds ?? defaultPodStartSeconds;
    const late = this.watch.podStarts().filter(({ seconds }) => seconds > assumed);
    for (const { deployment, seconds } of late) {
      this.journal.note(
        'lab',
        `the pods of ${deployment} were ready after ${seconds.toFixed(1)} s: later than the ${assumed} s that a promotion is computed with`,
      );
    }
    const podStartSeconds = Math.max(assumed, ...late.map(({ seconds }) => seconds));
    return { best: this.assessment.promote.best, worst: timeToPromote(plan, { ...demand, podStartSeconds }).worst };
  }

  /** What the service's objectives allow. */
  limits() {
    const { errorRateLimit, p99LimitSeconds } = this.assessment.demand;
    return { errorPercent: 100 * errorRateLimit, p99Milliseconds: 1000 * p99LimitSeconds };
  }

  answers(): readonly Answer[] {
    return this.load?.answers() ?? this.answered;
  }

  expect(met: boolean, sentence: string): void {
    this.expectations.push({ sentence, met });
    this.journal.note('lab', `${met ? '✓' : '✗'} ${sentence}`);
  }

  /** @throws Error with what the cluster says instead, when it does not come true in time */
  async until(
    what: string,
    seconds: number,
    comesTrue: (state: RolloutState) => boolean | Promise<boolean>,
  ): Promise<void> {
    for (const deadline = Date.now() + seconds * 1000; !(await comesTrue(this.state())); ) {
      if (Date.now() > deadline) {
        throw new Error(`not within ${seconds} s: ${what}. The cluster says: ${JSON.stringify(this.state())}`);
      }
      await sleep(50);
    }
  }

  /** Users begin to ask, as many as the catalog expects. */
  async startLoad(): Promise<void> {
    const { hostname, requestsPerSecond } = this.service;
    await this.until('the gateway answers', 60, async () => (await this.versionAnswering()) !== undefined);
    this.journal.note('users', `${requestsPerSecond} requests a second to ${hostname}`);
    this.load = Load.start(this.layout, hostname, requestsPerSecond);
  }

  /** Ends it, and counts. @throws Error where the generator had ended by itself */
  async stopLoad(): Promise<readonly Answer[]> {
    const { load } = this;
    if (load === undefined) {
      return this.answered;
    }
    const { answers, expected } = await load.stop();
    this.answered = answers;
    this.load = undefined;
    this.journal.note('users', `${answers.length} answers counted`);
    if (answers.length < expected) {
      this.expect(false, `users asked at their rate: ${answers.length} answers, of ${expected} at least`);
    }
    return answers;
  }

  /** Commits a version of the service and sends it down the road. */
  async release(hello: HelloVersion): Promise<LabRelease> {
    const release = await releaseHello(this.layout, hello, this.journal);
    this.releases.push(release);
    return release;
  }

  /** The version that the gateway's users get; undefined where it has no answer. */
  async versionAnswering(): Promise<string | undefined> {
    // fetch takes no Host field of one's own.
    const { get } = await import('node:http');
    return new Promise((resolve) => {
      const asked = get(gatewayUrl(this.layout), {
        headers: { host: this.service.hostname },
        agent: false,
        timeout: 1000,
      });
      asked.on('response', (response) => {
        response.resume();
        const version = response.headers['x-version'];
        resolve(response.statusCode === 200 && typeof version === 'string' ? version : undefined);
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve(undefined));
    });
  }

  /** A healthy version that does not run yet. */
  async nextGoodVersion(): Promise<HelloVersion> {
    return { version: (await this.versionAnswering()) === '1.1.0' ? '1.2.0' : '1.1.0' };
  }

  /** `bowline rollback`, and Argo CD follows. Default: the release before the present one. */
  async goBack(reason: string, to?: string): Promise<{ readonly commit: string }> {
    const { repository, branch } = this.service.ledger;
    const { name, environment } = this.service;
    const result = await rollback({
      ledger: { repository, branch },
      service: name,
      environment,
      reason,
      renderer,
      ...(to === undefined ? {} : { to }),
    });
    const { commit } = result;
    if (commit === undefined) {
      throw new Error(`bowline rollback to ${result.to.slice(7, 19)} changed nothing: the ledger holds it already`);
    }
    this.journal.note('git', `ledger commit ${commit.slice(0, 12)}: back to ${result.to.slice(7, 19)}`);
    await this.until('Argo CD syncs the ledger’s commit', 60, ({ syncedRevision }) => syncedRevision === commit);
    return { commit };
  }

  /** Leaves the service as the next scenario wants it: nothing under way, and git as what runs. */
  async settle(): Promise<void> {
    await this.until(
      'no rollout is under way',
      240,
      ({ phase, primaryImage, image }) =>
        image !== undefined &&
        primaryImage !== undefined &&
        ['Initialized', 'Succeeded', 'Failed'].includes(phase ?? ''),
    );
    const { image, primaryImage } = this.state();
    if (primaryImage !== undefined && image !== primaryImage) {
      await this.goBack('the release was rolled back', parseImageReference(primaryImage).digest);
      await this.until('the Deployment is the good one again', 60, (state) => state.image === state.primaryImage);
    }
  }

  /** Takes down what users met. */
  measure(isBad: (answer: Answer) => boolean = failed, fault?: FaultName): void {
    const { bad, lost, seconds, firstBadAt, lastBadAt } = exposureOf(this.answers(), isBad);
    if (firstBadAt !== undefined && lastBadAt !== undefined) {
      this.journal.note('users', 'first bad answer', firstBadAt);
      this.journal.note('users', 'last bad answer', lastBadAt);
    }
    this.measurement = {
      ...this.measurement,
      badAnswers: bad,
      lostAnswers: lost,
      ...(fault === undefined ? {} : { ...this.computed(fault), measuredSeconds: seconds }),
    };
  }

  computed(fault: FaultName): { readonly computed: Span; readonly fault: FaultName } {
    const found = this.assessment.faults.find((each) => each.fault === fault);
    if (found === undefined) {
      throw new Error(`nothing is computed for ${fault}`);
    }
    return { computed: found.rollback, fault };
  }
}

/** Whom a receiver of the lab stands in for, by the last word of its webhook. */
function whoIs(receiver: string): string {
  return receiver === 'alerts' ? 'the agent' : `the on-call (${receiver})`;
}
