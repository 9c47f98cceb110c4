export { renderer } from './render';
export { holdToRules } from './rules/validate-rules';
export { type ManifestFolders, writeManifests } from './write-manifests';
