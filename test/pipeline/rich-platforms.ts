import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../lib/catalog';
import type { PlatformProps } from '../../lib/pipeline';
import { catalogOf, exampleCatalog, pullRequestsOf } from './synthesize';

const digest = `sha256:${'a1'.repeat(32)}`;
const example = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');

/** The example with every option of a catalog that affects AWS, with sources on GitHub. {@link onCodeCommit} covers the options that GitHub excludes. */
export const onGitHub: Partial<PlatformProps> = {
  parsed: withAllOptions(
    example.replace('/github-app }', '/github-app }\n  write: pull-request'),
    'acme/shop',
    'services/hello',
  ),
  pullRequests: pullRequestsOf(),
  roleEvents: true,
  baseCache: [{ host: 'public.ecr.aws' }],
};

/** The same platform with sources and ledger in CodeCommit. */
export const onCodeCommit: Partial<PlatformProps> = {
  parsed: withAllOptions(
    example
      .replace(/source:\n {2}connection: \S+\n/, 'source: { kind: codecommit }\n')
      .replace(
        /repository: https:\S+\n {2}credential: .+\n/,
        'repository: https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger\n  credential: { kind: codecommit }\n',
      ),
    'shop',
    '.',
  ),
};

function withAllOptions(platform: string, repository: string, directory: string): Catalog {
  return catalogOf({
    platform: platform
      .replaceAll(
        'public.ecr.aws/docker/library/',
        '111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/base/ecr/docker/library/',
      )
      .replace('region: eu-west-1\n', 'region: eu-west-1\n  permissionsBoundary: acme-boundary\n')
      .concat(
        `toolbox: 111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/platform/toolbox@${digest}\n`,
        'signingKeys: { production: [1, 2] }\n',
      ),
    services: [
      `{ version: 1, name: hello, team: storefront, source: { repository: ${repository}, directory: ${directory} }, build: { binaries: [darwin/arm64, windows/amd64] }, compute: large }`,
      `{ version: 1, name: orders, team: storefront, source: { repository: ${repository === 'shop' ? 'orders' : 'acme/orders'}, clone: full, submodules: [${repository === 'shop' ? 'proto' : 'acme/proto'}] } }`,
    ],
  });
}
