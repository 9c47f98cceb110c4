export { BowlineRules } from './plugin';
export type { Finding, Resource, Resources, Rule } from './rule';
export { rules } from './rules';
export { renderRulesPage } from './rules-page';
