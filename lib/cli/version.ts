export function version(): string {
  // Replaced by the bundler; in a checkout the package says it.
  return process.env.BOWLINE_VERSION ?? (require('../../package.json') as { readonly version: string }).version;
}
