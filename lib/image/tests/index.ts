export { explainTests, type TestRejection } from './judge-tests';
export { renderTestDockerignore } from './test-context';
export { type TestPlan, testPlan } from './test-plan';
export {
  describeTests,
  findTestReport,
  parseTestReport,
  summarizeTests,
  type TestReport,
  type TestSummary,
} from './test-report';
export { renderTestStages, testProbeContext, testTarget } from './test-stage';
