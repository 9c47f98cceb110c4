export { holdToRules } from './hold-to-rules';
export { type Judged, judge } from './judge';
export { objectInMemory, parseObjects } from './objects';
export { rulesPage } from './page';
export type { Finding, Level, Rule } from './rule';
export { rules } from './rules';
export { sarif } from './sarif';
