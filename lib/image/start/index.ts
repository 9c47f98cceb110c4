export { judgeProgram, judgeStart, type StartJudgement } from './judge-start';
export { outsideNeeds } from './outside-needs';
export type { StartCode, StartFinding, StartRejectionCode } from './start-finding';
export { type StartPlan, startFiles, startPlan, startTmpBytes } from './start-plan';
export { findStartReport, parseStartReport, type StartReport } from './start-report';
export { renderStartStages, startProbeContext, startTarget } from './start-stage';
