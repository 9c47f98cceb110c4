export { renderer } from './render';
export { type ManifestFolders, writeManifests } from './write-manifests';
