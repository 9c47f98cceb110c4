export type { Finding } from './finding';
export { moduleName } from './programs';
export { type Checkout, type Proposal, proposeService } from './propose';
export { findModule, type ModuleFolder, readConfiguration, readGit, readManifests, readModule } from './read-checkout';
export { type Reading, readingSchema } from './reading';
export { askForRepository, repositoryOf } from './repository';
export { type OpenLine, renderService, type ServiceHeader, type ServiceText } from './service-text';
export { applyStart, observationPlan, type StartedProposal } from './start';
