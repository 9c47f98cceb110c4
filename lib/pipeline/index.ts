export { type BowlineAppProps, bowlineApp } from './bowline-app';
export { buildspec, command, type Steps, variable, type Word } from './buildspec';
export { BowlineGate, BuildKitBuilder, KmsSigner, LedgerWriter } from './default-strategies';
export { boundaryPermissions } from './deployment-boundary';
export { boundaryPolicy, deploymentPermissions, deploymentPolicy, deploymentWildcards } from './deployment-permissions';
export { type PlatformNames, pascalCase, platformNames, type ServiceNames, serviceNames } from './names';
export { permissionsPage, type RolePermissions, rolePermissions } from './permissions-table';
export { type PlannedAction, type PlannedStage, type PlannedVerb, releasePlan } from './plan';
export { Platform, type PlatformProps } from './platform';
export { PlatformStack, type PlatformStackProps } from './platform-stack';
export { PullRequestProject, type PullRequestProjectProps, type PullRequests } from './pull-request-project';
export { ReleasePipeline, type ReleasePipelineProps } from './release-pipeline';
export { BowlineRules, type Finding, type Rule, rules, rulesPage } from './rules';
export { ServicePipeline, type ServicePipelineProps } from './service-pipeline';
export { ServiceStack, type ServiceStackProps } from './service-stack';
export { SigningKeys } from './signing-keys';
export type {
  GitOpsWriter,
  ImageBuilder,
  ProjectHandle,
  Signer,
  Strategies,
  VulnerabilityGate,
} from './strategies';
export {
  type ToolboxContext,
  ToolboxStack,
  type ToolboxStackProps,
  toolboxContext,
  toolboxDockerfile,
} from './toolbox';
export { VerbProject, type VerbProjectProps } from './verb-project';
