import { readUserGitSettings, type UserGitSettings } from '../../../process';

/**
 * The job's git login, for one host only. A submodule can be on any host, and git asks its helpers about every host that requires a login: the
 * helper of CodeBuild must not answer for another one.
 * @param url an address on the host
 */
export async function scopedCredentials(url: string, from: NodeJS.ProcessEnv = process.env): Promise<UserGitSettings> {
  const { settings, variables } = await readUserGitSettings('credentials', from);
  const origin = /^https:\/\/[^/]+/.exec(url)?.[0];
  return {
    settings: settings.flatMap(([key, value]) => {
      const [, section, name] = /^(credential|http)\.([a-z]+)$/.exec(key) ?? [];
      if (section === undefined) {
        return /^core\./.test(key) ? [] : [[key, value] as const];
      }
      if (section === 'http' && !/^(?:extraheader|cookiefile|emptyauth)$/.test(name ?? '')) {
        return [[key, value] as const];
      }
      return origin === undefined ? [] : [[`${section}.${origin}.${name}`, value] as const];
    }),
    variables: Object.fromEntries(Object.entries(variables).filter(([name]) => name.startsWith('GIT_SSL_'))),
  };
}
