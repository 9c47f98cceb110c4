export { type Judged, judge } from './check-objects';
export { objectInMemory, parseObjects } from './manifests/objects';
export { rulesPage } from './rules-page';
export type { Finding, Level, Rule } from './rule';
export { rules } from './rules';
export { sarif } from './sarif';
export { validateRules } from './validate-rules';
