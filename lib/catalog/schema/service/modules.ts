import { X509Certificate } from 'node:crypto';
import { z } from 'zod';
import { githubApiField, urlField } from '../fields';

/**
 * A pattern of GOPRIVATE: path elements with wildcards (https://go.dev/ref/mod#private-modules). The last two labels of the host have no wildcard,
 * because a pattern such as `*` would take all modules out of the checksum database.
 */
const privatePattern = z
  .string()
  .max(200, 'a pattern of at most 200 characters')
  .regex(
    /^(?:(?:\*|[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\/(?!\.{1,2}(?:\/|$))[A-Za-z0-9*?._~-]+)*$/,
    'the beginning of module paths, such as github.com/acme, git.example.com or *.example.com/*: a host whose last two labels have no wildcard, then path elements',
  );

const secretName = z
  .string()
  .regex(/^[A-Za-z0-9/_+=.@-]+$/, 'the name of a Secrets Manager secret')
  .describe('The secret: a netrc file, or the private key of the App in PEM format.');

const credentialSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('netrc'), secret: secretName }),
    z.strictObject({
      kind: z.literal('github-app'),
      appId: z.string().regex(/^[0-9]+$/, 'the ID of the GitHub App in quotation marks'),
      installationId: z.string().regex(/^[0-9]+$/, 'the ID of the installation in quotation marks'),
      secret: secretName,
      api: githubApiField.optional(),
    }),
  ],
  { error: '{ kind: netrc, secret: … } or { kind: github-app, appId: …, installationId: …, secret: … }' },
);

const certificates = z
  .string()
  .refine(
    isCertificates,
    'certificates in PEM format: one or more blocks from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else',
  );

/** Modules that are not public: which ones, and how the build gets them. */
export const modulesSchema = z
  .strictObject({
    private: z
      .array(privatePattern)
      .min(1, 'at least one pattern')
      .describe(
        'Patterns of the paths of private modules, as in GOPRIVATE, such as [github.com/acme, "*.example.com/*"]. Go neither asks a public proxy nor the checksum database for them.',
      ),
    credential: credentialSchema
      .optional()
      .describe(
        'The credential of the build on AWS: `{ kind: netrc, secret }` or `{ kind: github-app, appId, installationId, secret, api }`. Not the secret and not the App of the ledger. The local run uses the credentials of the machine.',
      ),
    proxy: urlField(
      /^https:\/\/[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:\/[A-Za-z0-9._~/-]*)?$/,
      'the HTTPS URL of a Go module proxy without a user name, such as https://proxy.example.com/go',
      'a URL with a valid host, and a port of at most 65535',
    )
      .optional()
      .describe('The module proxy that serves all modules of the service, private and public. Default: git hosts.'),
    ca: certificates
      .optional()
      .describe(
        'Certificates in PEM format that the git hosts of private modules and the proxy are verified with, in addition to the public authorities.',
      ),
  })
  .describe('Private modules of the service.');

export type PrivateModules = z.output<typeof modulesSchema>;
export type ModuleCredential = NonNullable<PrivateModules['credential']>;

function isCertificates(text: string): boolean {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
  const rest = blocks.reduce((remaining, block) => remaining.replace(block, ''), text);
  return blocks.length > 0 && rest.trim() === '' && blocks.every(isCertificate);
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).subject !== undefined;
  } catch {
    return false;
  }
}
