export { checkObjects, type ReportedFinding } from './check-objects';
export { objectInMemory, parseObjects } from './manifests/objects';
export type { Finding, Level, Rule } from './rule';
export { rules } from './rules';
export { renderRulesPage } from './rules-page';
export { renderSarif } from './sarif';
export { validateRules } from './validate-rules';
