export { renderer } from './render';
export { validateRules } from './rules/validate-rules';
export { type ManifestFolders, writeManifests } from './write-manifests';
