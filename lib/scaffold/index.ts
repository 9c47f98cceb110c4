export {
  applyStart,
  askForRepository,
  findModule,
  moduleName,
  type OpenLine,
  observationPlan,
  type Proposal,
  proposeService,
  readConfiguration,
  readGit,
  readManifests,
  readModule,
  renderService,
  repositoryOf,
  type ServiceHeader,
  type StartedProposal,
} from './adopt';
export { type Files, fillTemplate, type LineToReplace, type Value, type Values } from './fill-template';
export { type PreparedFolder, prepareFolder, requireFreeFolder } from './prepare-folder';
export { readServiceTemplate } from './read-service-template';
export { packagePath, readTemplate } from './read-template';
