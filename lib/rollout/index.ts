/**
 * How a release reaches users, and how long a bad release can reach them. Where to find what:
 *
 *     plan.ts                          the settings of a rollout, and the presets
 *     demand.ts                        what a service requires: budget, limits, traffic
 *     evaluate-plan.ts                 does a plan meet a demand? problems and a suggestion (candidate-plans.ts)
 *     planned-rollouts.ts              the plans of a whole catalog
 *     arithmetic/rollback-times.ts     the rollback time: all formulas, and how long a promotion takes
 *     arithmetic/faults.ts             the kinds of faults, each with its rollback time and its requests
 *     arithmetic/probabilities.ts      false rollbacks and missed faults
 *     arithmetic/assessment.ts         all of these for a plan and a demand
 *     arithmetic/formula.ts            terms: a number with the formula that computes it
 *     simulation/                      Flagger's loop against a model of the cluster; tests verify the formulas with it
 *     presentation/                    tables and the timeline
 */
export { type Assessment, assess, type CheckAssessment } from './arithmetic/assessment';
export { probabilityOfBreach, probabilityOfMoreThan } from './arithmetic/binomial';
export {
  checkCount,
  checkOverheadSeconds,
  checksOfOneBurst,
  intervalOf,
  samplesAtCheck,
  shortestIntervalSeconds,
} from './arithmetic/checks';
export type { FaultAssessment, FaultName } from './arithmetic/faults';
export { renderEquation, renderSeconds, type Term } from './arithmetic/formula';
export {
  type FaultProbabilities,
  falseRollbackProbability,
  firstCheckPassProbability,
  missedFaultProbability,
  rollbackProbability,
} from './arithmetic/probabilities';
export {
  type ComputedSpan,
  rollbackByAlert,
  rollbackByAlertFromStart,
  rollbackByChecks,
  rollbackByChecksFromStart,
  rollbackByDeadline,
  rollbackByDeadlineFromStart,
  type Span,
  timeToPromote,
  timeToPromoteAcrossRestart,
  visibility,
  visibilityFromStart,
  visibilityOfMissingMetrics,
} from './arithmetic/rollback-times';
export { percentileSamples, samplesNeeded } from './arithmetic/samples-needed';
export {
  type Demand,
  defaultPodStartSeconds,
  demandOf,
  falseRollbackBound,
  missedFaultBound,
  referenceFault,
  slowShareLimit,
} from './demand';
export { evaluatePlan, type ProblemCode, type RolloutProblem, type RolloutVerdict } from './evaluate-plan';
export { type AlertRule, type PresetName, planOf, presets, type RolloutPlan } from './plan';
export {
  describeRollout,
  findRolloutProblems,
  loadReleasableCatalog,
  type PlannedRollout,
  planRollouts,
  renderCatalogPlan,
} from './planned-rollouts';
export { renderAssessmentTable } from './presentation/assessment-table';
export { renderJudgedBy } from './presentation/judged-by';
export { renderTimeline } from './presentation/timeline';
export { type ClockOffsets, type Fault, modelCluster } from './simulation/cluster-model';
export { increase, type Sample } from './simulation/increase';
export { type CheckDelays, type ClusterModel, type SimulatedRollout, simulate } from './simulation/simulate';
