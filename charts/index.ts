export { renderer } from './render';
export { holdToRules } from './rules/hold-to-rules';
export { type ManifestFolders, writeManifests } from './write-manifests';
