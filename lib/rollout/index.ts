export { type Assessment, assess, type CheckAssessment } from './assessment';
export { falseRollback, type MissedFault, missedFault } from './chance';
export { checkCount, checksOfOneBurst, intervalOf, samplesAtCheck } from './checks';
export {
  type Demand,
  demandOf,
  falseRollbackBound,
  measuredFault,
  missedFaultBound,
  slowShareLimit,
} from './demand';
export type { FaultAssessment, FaultName } from './fault';
export { judge, type ProblemCode, type RolloutProblem, type RolloutVerdict } from './judge';
export { type AlertRule, type PresetName, planOf, presets, type RolloutPlan } from './plan';
export { percentileSamples, samplesNeeded } from './samples';
export {
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
