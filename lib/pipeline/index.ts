export { pascalCase } from '../values';
export { BaseCache, type BaseCacheProps, type CachedHost, type CachedRegistry } from './constructs/base-cache';
export { BinaryDelivery, type BinaryDeliveryProps } from './constructs/binary-delivery';
export { BowlineGate, BuildKitBuilder, KmsSigner, LedgerWriter } from './constructs/default-strategies';
export { PullRequestProject, type PullRequestProjectProps, type PullRequests } from './constructs/pull-request-project';
export { PushRule, type PushRuleProps } from './constructs/push-rule';
export { type BundleLocation, ReleasePipeline, type ReleasePipelineProps } from './constructs/release-pipeline';
export { ServicePipeline, type ServicePipelineProps } from './constructs/service-pipeline';
export { ServiceRepositories, type ServiceRepositoriesProps } from './constructs/service-repositories';
export { SigningKeys, type SigningKeysProps } from './constructs/signing-keys';
export { type BowlineAppProps, bowlineApp } from './constructs/stacks/bowline-app';
export { KeysStack, type KeysStackProps } from './constructs/stacks/keys-stack';
export { Platform, type PlatformProps } from './constructs/stacks/platform';
export { PlatformStack, type PlatformStackProps } from './constructs/stacks/platform-stack';
export { RoleEventsStack, type RoleEventsStackProps } from './constructs/stacks/role-events-stack';
export { ServiceStack, type ServiceStackProps } from './constructs/stacks/service-stack';
export { StepProject, type StepProjectProps } from './constructs/step-project';
export { StepRole, type StepRoleProps } from './constructs/step-role';
export type {
  GitOpsWriter,
  ImageBuilder,
  ProjectHandle,
  Signer,
  Strategies,
  VulnerabilityGate,
} from './constructs/strategies';
export { boundaryPermissions } from './iam/deployment-boundary';
export {
  boundaryPolicy,
  type DeploymentPolicy,
  deploymentPermissions,
  deploymentPolicies,
  deploymentWildcards,
} from './iam/deployment-permissions';
export type { Permission, PermissionConditions } from './iam/permission';
export {
  type RolePermissions,
  type RolePermissionsOptions,
  renderPermissionsPage,
  rolePermissions,
} from './iam/permissions-table';
export { type PermissionsTemplate, templatePermissions } from './iam/template-permissions';
export { AlertTopic, type AlertTopicProps } from './monitoring/alert-topic';
export { Alerts, type AlertsProps } from './monitoring/alerts';
export { ReleaseDashboard, type ReleaseDashboardProps } from './monitoring/dashboard';
export { PipelineMonitor, type PipelineMonitorProps } from './monitoring/pipeline-monitor';
export { SigningKeyMonitor, type SigningKeyMonitorProps } from './monitoring/signing-key-monitor';
export { type PlatformNames, platformNames, type ServiceNames, serviceNames } from './names';
export {
  type BuildCommand,
  type BuildCommands,
  type CommandArgument,
  renderBuildspec,
  shellCommand,
  variable,
} from './release-plan/buildspec';
export { type PlannedAction, type PlannedStage, type PlannedStep, releasePlan } from './release-plan/release-plan';
export { BowlineRules, type Finding, type Rule, renderRulesPage, rules } from './rules';
export {
  type ToolboxContext,
  ToolboxStack,
  type ToolboxStackProps,
  toolboxContext,
  toolboxDockerfile,
} from './toolbox';
