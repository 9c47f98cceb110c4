export { type BaseKind, type BaseName, type BaseNeeds, baseNeeds } from './base-needs';
export { type Catalog, type CatalogResult, parseCatalog, requireCatalog } from './catalog';
export { type CodeCommitAddress, codeCommitAddress } from './codecommit-address';
export { parseLedgerCredential } from './ledger-credential';
export { environmentNamed, serviceNamed } from './look-up';
export type { CatalogFile } from './parse/document';
export { loadCatalog, readCatalogFiles } from './parse/load';
export { locateProblem, serviceNameIn } from './parse/locate-problem';
export { CatalogError, type CatalogProblem, describeProblem } from './parse/problem';
export type { AcceptedRisk } from './schema/accepted-risks';
export { jsonSchemas } from './schema/json-schema';
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
} from './schema/platform';
export { type RolloutPreset, rolloutPresets, type Service, serviceSchema } from './schema/service';
export {
  type AddressRange,
  type NetworkPeer,
  type ServiceInEnvironment,
  serviceInEnvironment,
  servicesInEnvironments,
} from './service-in-environment';
export { type WatchedPath, watchedPaths } from './watched-paths';
