/** Whether anything answers at a URL within three seconds: any answer will do, also one that asks who is there. */
export async function isReachable(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(3000), redirect: 'manual' });
    return response.status < 500;
  } catch {
    return false;
  }
}

/** The address at which a registry answers. Docker Hub's images go by another name than its registry. */
export function registryUrl(image: string): string {
  const host = image.split('/')[0] ?? '';
  return `https://${host === 'docker.io' ? 'registry-1.docker.io' : host}/v2/`;
}

/** The feeds of the scanners. */
export const vulnerabilityFeeds = [
  'https://grype.anchore.io/databases/v6/latest.json',
  'https://vuln.go.dev/index/db.json',
  'https://mirror.gcr.io/v2/',
] as const;
