import { randomBytes } from 'node:crypto';

/** Who calls: a role, or somebody whose calls are not judged. */
export type Principal =
  | { readonly kind: 'role'; readonly arn: string }
  /** The owner of the account, and the test itself. */
  | { readonly kind: 'unjudged'; readonly name: string };

export interface SessionKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Password of the user `AWS` at the registry. */
  readonly registryToken: string;
}

/** The keys and tokens that the proxy has issued. It knows nobody else. */
export class Sessions {
  readonly #byKey = new Map<string, { readonly principal: Principal; readonly sessionToken?: string }>();
  readonly #byToken = new Map<string, Principal>();

  issue(principal: Principal): SessionKeys {
    const keys: SessionKeys = {
      accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(20).toString('hex'),
      sessionToken: randomBytes(32).toString('hex'),
      registryToken: randomBytes(32).toString('hex'),
    };
    this.#byKey.set(keys.accessKeyId, { principal, sessionToken: keys.sessionToken });
    this.#byToken.set(keys.registryToken, principal);
    return keys;
  }

  /** Keys that somebody else issued, such as those that STS returned for a role. */
  accept(accessKeyId: string, principal: Principal, sessionToken?: string): void {
    this.#byKey.set(accessKeyId, { principal, sessionToken });
  }

  /** @returns undefined for keys that are unknown, or come without their session token */
  principalOf(accessKeyId: string, sessionToken: string | undefined): Principal | undefined {
    const session = this.#byKey.get(accessKeyId);
    return session === undefined || (session.sessionToken !== undefined && session.sessionToken !== sessionToken)
      ? undefined
      : session.principal;
  }

  /** @param authorization header of a request to the registry */
  principalOfRegistry(authorization: string | undefined): Principal | undefined {
    const basic = /^Basic (?<text>.+)$/i.exec(authorization ?? '')?.groups?.text;
    const password = Buffer.from(basic ?? '', 'base64')
      .toString()
      .replace(/^AWS:/, '');
    return this.#byToken.get(password);
  }
}
