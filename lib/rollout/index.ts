export { planOf, presets, type RolloutPlan } from './plan';
export { rollbackByAlert, rollbackByChecks, type Span, visibility } from './times';
