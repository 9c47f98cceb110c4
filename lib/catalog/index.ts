export {
  addOnApplicationName,
  applicationName,
  platformApplicationName,
  type platformParts,
  platformProjectName,
  projectName,
} from './argocd-names';
export { artifactNameLengths, artifactPrefix } from './artifact-prefix';
export { type Catalog, type CatalogResult, parseCatalog, requireCatalog } from './catalog';
export type { ClusterPeer, NameServer } from './cluster-peer';
export { defaultScrapers, namespaceOfUrl } from './cluster-url';
export { type CodeCommitAddress, parseCodeCommitAddress } from './codecommit-address';
export { containerVariables } from './container-variables';
export { parseLedgerCredential } from './ledger-credential';
export { requireEnvironment, requireService } from './lookup';
export {
  describeFailures,
  describeHistogram,
  type MetricNames,
  type MetricsPreset,
  type MetricsPresetName,
  metricsPresetNames,
  metricsPresets,
  resolveMetrics,
  type ServiceMetrics,
} from './metrics';
export type { CatalogFile } from './parse/document';
export { loadCatalog, readCatalogFiles } from './parse/load';
export { locateProblem, readServiceName } from './parse/locate-problem';
export { CatalogError, type CatalogProblem, describeProblem } from './parse/problem';
export { ecrHost, registryHost } from './registry-host';
export { reservedReason, reservedWithin } from './reserved-addresses';
export { type BaseKind, type BaseName, type ResolvedBase, resolveBase } from './resolve-base';
export { type PrometheusAccess, resolvePrometheus } from './resolve-prometheus';
export { latestExpiry } from './risk-expiry';
export type { AcceptedRisk } from './schema/accepted-risks';
export { addOnNamespaces } from './schema/delivery';
export { jsonSchemas } from './schema/json-schema';
export {
  type AddOn,
  addOns,
  chatKinds,
  type Environment,
  type Platform,
  platformSchema,
  type Severity,
  severities,
} from './schema/platform';
export { type RolloutPreset, rolloutPresets, type Service, serviceSchema } from './schema/service';
export type { ModuleCredential, PrivateModules } from './schema/service/modules';
export { type TestField, testTimeoutSeconds } from './schema/service/test';
export {
  type AddressRange,
  defaultShutdown,
  defaultTmpSize,
  type NamedPort,
  type NetworkPeer,
  type ServiceInEnvironment,
  serviceInEnvironment,
  servicesInEnvironments,
} from './service-in-environment';
export { providerHosts, sourceUrl } from './source-url';
export { moduleSecretPrefix } from './validate/service/modules';
export { type WatchedPath, watchedPaths } from './watched-paths';
