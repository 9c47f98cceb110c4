/**
 * Whether a registry is reached over http: one on this machine, or one in `BOWLINE_INSECURE_REGISTRIES` (hosts with their ports, separated by
 * commas). Every other registry must use https.
 * @param reference an image or a repository, with its host
 */
export function usesHttp(reference: string, environment: NodeJS.ProcessEnv = process.env): boolean {
  const [host = ''] = reference.split('/');
  const insecure = (environment.BOWLINE_INSECURE_REGISTRIES ?? '').split(',').map((name) => name.trim());
  return /^(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]+)?$/.test(host) || (host !== '' && insecure.includes(host));
}
