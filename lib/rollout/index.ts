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
export {
  falseRollback,
  type MissedFault,
  missedFault,
  passedByChance,
  rollbackProbability,
} from './arithmetic/probabilities';
export {
  rollbackByAlert,
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
export { renderTimeline } from './presentation/timeline';
export { type Fault, modelCluster, type Phases } from './simulation/cluster-model';
export { increase, type Sample } from './simulation/increase';
export { type CheckOverhead, type SimulatedRollout, simulate, type World } from './simulation/simulate';
