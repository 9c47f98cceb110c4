export type { AcceptedRisk } from './accepted-risks-schema';
export { type BaseKind, type BaseName, type BaseNeeds, baseNeeds } from './base-needs';
export { type Catalog, type CatalogResult, parseCatalog, requireCatalog } from './catalog';
export { type CodeCommitAddress, codeCommitAddress } from './codecommit-address';
export type { CatalogFile } from './document';
export { jsonSchemas } from './json-schema';
export { parseLedgerCredential } from './ledger-credential';
export { loadCatalog, readCatalogFiles } from './load';
export { environmentNamed, serviceNamed } from './look-up';
export {
  type AddOn,
  addOns,
  chats,
  type Environment,
  ecrOf,
  type Platform,
  platformSchema,
  registryOf,
  type Severity,
  severities,
} from './platform-schema';
export { CatalogError, type CatalogProblem, describeProblem } from './problem';
export { problemIn, serviceNameIn } from './problem-in';
export {
  type AddressRange,
  type NetworkPeer,
  type ServiceInEnvironment,
  serviceInEnvironment,
  servicesInEnvironments,
} from './service-in-environment';
export { type RolloutPreset, rolloutPresets, type Service, serviceSchema } from './service-schema';
export { type WatchedPath, watchedPaths } from './watched-paths';
