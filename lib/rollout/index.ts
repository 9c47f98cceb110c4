export { checkCount, checksOfOneBurst, intervalOf, samplesAtCheck } from './checks';
export {
  type Demand,
  demandOf,
  falseRollbackBound,
  measuredFault,
  missedFaultBound,
  slowShareLimit,
} from './demand';
export { type AlertRule, type PresetName, planOf, presets, type RolloutPlan } from './plan';
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
