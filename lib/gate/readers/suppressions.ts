/** The comments and annotations by which a checked file turns a check off, of the checkers that Bowline runs (and names that they accept besides). */
const markers = [
  /\b(?:trivy|tfsec)\s*:.*ignore/i,
  /\b(?:checkov|bridgecrew|cortex)\s*:\s*skip/i,
  /\b(?:checkov|bridgecrew|cortex)\.io\/skip/i,
] as const;

/**
 * The files that turn checks off. trivy leaves no trace of a check that a comment turned off, so the files themselves are searched, also the texts
 * in a ConfigMap: the checkers read lines, not values.
 * @param files text by path
 */
export function findSuppressions(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => (markers.some((marker) => marker.test(line)) ? [`${path}:${index + 1}`] : [])),
  );
}
