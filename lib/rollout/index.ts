export { type Assessment, assess, type CheckAssessment } from './arithmetic/assessment';
export { breach, moreThan } from './arithmetic/binomial';
export { chanceOfRollback, falseRollback, type MissedFault, missedFault, passedByChance } from './arithmetic/probabilities';
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
  givenUpByDeadline,
  promotedAcrossRestart,
  rollbackByAlert,
  rollbackByChecks,
  rollbackByChecksFromStart,
  rollbackByDeadline,
  type Span,
  timeToPromote,
  visibility,
  visibilityFromStart,
  visibilityOfSilence,
} from './arithmetic/rollback-times';
export { percentileSamples, samplesNeeded } from './arithmetic/samples-needed';
export {
  type Demand,
  defaultPodStartSeconds,
  demandOf,
  falseRollbackBound,
  measuredFault,
  missedFaultBound,
  slowShareLimit,
} from './demand';
export { judge, type ProblemCode, type RolloutProblem, type RolloutVerdict } from './evaluate-plan';
export { type AlertRule, type PresetName, planOf, presets, type RolloutPlan } from './plan';
export {
  loadReleasableCatalog,
  type PlannedRollout,
  planInCatalog,
  plannedRollouts,
  rolloutLine,
  rolloutProblems,
} from './planned-rollouts';
export { renderAssessmentTable } from './presentation/assessment-table';
export { renderTimeline } from './presentation/timeline';
export { increase, type Sample } from './simulation/increase';
export { type Fault, measuredWorld, type Phases } from './simulation/cluster-model';
export { type CheckOverhead, type SimulatedRollout, simulate, type World } from './simulation/simulate';
