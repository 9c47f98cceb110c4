export function version(): string {
  // The bundler replaces the variable; in a checkout package.json has the version.
  return process.env.BOWLINE_VERSION ?? (require('../../package.json') as { readonly version: string }).version;
}
