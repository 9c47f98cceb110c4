import { describeFailures, describeHistogram, type ServiceInEnvironment } from '../../catalog';
import { falseRollbackProbability } from '../arithmetic/probabilities';
import { demandOf } from '../demand';
import type { RolloutPlan } from '../plan';
import { formatProbability } from './assessment-table';

/** The metrics that a release is judged by: what each check reads, and what it means if it is missing. */
export function renderJudgedBy(service: ServiceInEnvironment, plan: RolloutPlan): string {
  const { metrics, objectives } = service;
  // A check that has no value has failed, so that only T - 1 more may fail.
  const withLostCheck = falseRollbackProbability({ ...plan, threshold: plan.threshold - 1 }, demandOf(service));
  return `Judged by the metrics at port ${metrics.port}, path ${metrics.path}
  errors   ${metrics.requests}: at most ${Number((objectives.errorRate * 100).toPrecision(4))} % may be requests ${describeFailures(metrics)}
  latency  ${metrics.duration}, ${describeHistogram(metrics)}: the 99th percentile may be ${objectives.p99Seconds * 1000} ms
  A metric or label that does not exist fails the check. If the service creates its series with the first request, and not at 0 at
  its start, the first check may have no value, and the probability of a false rollback is ${formatProbability(withLostCheck)}.
`;
}
