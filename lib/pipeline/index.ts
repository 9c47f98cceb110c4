export { AlertTopic } from './alert-topic';
export { Alerts } from './alerts';
export { BaseCache, type CachedHost, type CachedRegistry } from './base-cache';
export { BinaryDelivery } from './binary-delivery';
export { type BowlineAppProps, bowlineApp } from './bowline-app';
export { buildspec, command, type Steps, variable, type Word } from './buildspec';
export { ReleaseDashboard } from './dashboard';
export { BowlineGate, BuildKitBuilder, KmsSigner, LedgerWriter } from './default-strategies';
export { boundaryPermissions } from './deployment-boundary';
export { boundaryPolicy, deploymentPermissions, deploymentPolicy, deploymentWildcards } from './deployment-permissions';
export { KeyWatch, type KeyWatchProps } from './key-watch';
export { KeysStack, type KeysStackProps } from './keys-stack';
export { type PlatformNames, pascalCase, platformNames, type ServiceNames, serviceNames } from './names';
export type { Permission } from './permission';
export { permissionsPage, type RolePermissions, rolePermissions } from './permissions-table';
export { type PlannedAction, type PlannedStage, type PlannedVerb, releasePlan } from './plan';
export { Platform, type PlatformProps } from './platform';
export { PlatformStack, type PlatformStackProps } from './platform-stack';
export { PullRequestProject, type PullRequestProjectProps, type PullRequests } from './pull-request-project';
export { PushRule } from './push-rule';
export { type BundleLocation, ReleasePipeline, type ReleasePipelineProps } from './release-pipeline';
export { VerbRole, type VerbRoleProps } from './role';
export { BowlineRules, type Finding, type Rule, rules, rulesPage } from './rules';
export { ServicePipeline, type ServicePipelineProps } from './service-pipeline';
export { ServiceRepositories } from './service-repositories';
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
export { type RightsTemplate, templatePermissions } from './template-permissions';
export {
  type ToolboxContext,
  ToolboxStack,
  type ToolboxStackProps,
  toolboxContext,
  toolboxDockerfile,
} from './toolbox';
export { VerbProject, type VerbProjectProps } from './verb-project';
