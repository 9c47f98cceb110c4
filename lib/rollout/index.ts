export { type Assessment, assess, type CheckAssessment } from './assessment';
export { breach, moreThan } from './binomial';
export { chanceOfRollback, falseRollback, type MissedFault, missedFault, passedByLuck } from './chance';
export {
  checkCount,
  checksOfOneBurst,
  checkWorkSeconds,
  intervalOf,
  samplesAtCheck,
  shortestIntervalSeconds,
} from './checks';
export { increase, type Sample } from './counter';
export {
  type Demand,
  defaultPodStartSeconds,
  demandOf,
  falseRollbackBound,
  measuredFault,
  missedFaultBound,
  slowShareLimit,
} from './demand';
export type { FaultAssessment, FaultName } from './fault';
export { judge, type ProblemCode, type RolloutProblem, type RolloutVerdict } from './judge';
export { type Fault, measuredWorld, type Phases } from './measured-world';
export { type AlertRule, type PresetName, planOf, presets, type RolloutPlan } from './plan';
export {
  loadReleasableCatalog,
  type PlannedRollout,
  planInCatalog,
  plannedRollouts,
  rolloutLine,
  rolloutProblems,
} from './planned-rollouts';
export { percentileSamples, samplesNeeded } from './samples';
export { type CheckWork, type SimulatedRollout, simulate, type World } from './simulate';
export { renderAssessmentTable } from './table';
export { renderTimeline } from './timeline';
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
} from './times';
