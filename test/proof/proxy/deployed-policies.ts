import type { PolicyDocuments } from '../judge/documents';
import type { AccountFacts } from './call';

/** The local AWS itself, past the proxy. */
export interface Upstream {
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
}

/** Reads policies and keys as they are deployed: the APIs answer what CloudFormation has stored. */
export class DeployedPolicies implements AccountFacts {
  readonly account: string;

  constructor(private readonly upstream: Upstream) {
    this.account = upstream.account;
  }

  readonly #read = new Map<string, Promise<unknown>>();

  /** Call it after each change: what was read before is read again. */
  forget(): void {
    this.#read.clear();
  }

  #once<T>(what: string, read: () => Promise<T>): Promise<T> {
    const known = (this.#read.get(what) as Promise<T> | undefined) ?? read();
    this.#read.set(what, known);
    known.catch(() => this.#read.delete(what));
    return known;
  }

  /** The policies and the boundary of a role. @throws Error when the role does not exist */
  role(arn: string): Promise<Pick<PolicyDocuments, 'identity' | 'boundary'>> {
    return this.#once(arn, () => this.readRole(arn));
  }

  private async readRole(arn: string): Promise<Pick<PolicyDocuments, 'identity' | 'boundary'>> {
    const RoleName = arn.split('/').pop() ?? '';
    const identity: Record<string, unknown> = {};
    for (const PolicyName of textsOf(await this.query('iam', { Action: 'ListRolePolicies', RoleName }), 'member')) {
      identity[PolicyName] = documentIn(
        await this.query('iam', { Action: 'GetRolePolicy', RoleName, PolicyName }),
        'PolicyDocument',
      );
    }
    const attached = await this.query('iam', { Action: 'ListAttachedRolePolicies', RoleName });
    for (const policy of textsOf(attached, 'PolicyArn')) {
      identity[policy] = await this.managedPolicy(policy);
    }
    const [boundary] = textsOf(await this.query('iam', { Action: 'GetRole', RoleName }), 'PermissionsBoundaryArn');
    return { identity, ...(boundary === undefined ? {} : { boundary: await this.managedPolicy(boundary) }) };
  }

  private async managedPolicy(PolicyArn: string): Promise<unknown> {
    const [VersionId = ''] = textsOf(await this.query('iam', { Action: 'GetPolicy', PolicyArn }), 'DefaultVersionId');
    return documentIn(await this.query('iam', { Action: 'GetPolicyVersion', PolicyArn, VersionId }), 'Document');
  }

  /** The policy of a key, bucket or repository. @returns undefined for a resource without one */
  resource(arn: string): Promise<unknown> {
    const [, , service] = arn.split(':');
    const owner = service === 's3' ? (arn.split('/')[0] as string) : arn;
    return this.#once(owner, () => this.readResource(owner));
  }

  private async readResource(arn: string): Promise<unknown> {
    const [, , service = '', region = '', , ...rest] = arn.split(':');
    const name = rest.join(':');
    switch (service) {
      case 'kms': {
        const { Policy } = await this.json('kms', 'TrentService.GetKeyPolicy', region, {
          KeyId: arn,
          PolicyName: 'default',
        });
        return JSON.parse(String(Policy));
      }
      case 's3': {
        const answer = await fetch(`${this.upstream.endpoint}/${name.split('/')[0]}?policy`, {
          headers: headersFor('s3', this.upstream.region),
        });
        return answer.ok
          ? JSON.parse(await answer.text())
          : expectMissing(answer.status, await answer.text(), /NoSuchBucketPolicy|NoSuchBucket/);
      }
      case 'ecr': {
        const repositoryName = name.replace(/^repository\//, '');
        const answer = await this.post(
          'ecr',
          region,
          { 'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.GetRepositoryPolicy' },
          JSON.stringify({ repositoryName }),
        );
        return answer.ok
          ? JSON.parse(String((JSON.parse(await answer.text()) as { policyText: string }).policyText))
          : expectMissing(answer.status, await answer.text(), /RepositoryPolicyNotFound|RepositoryNotFound/);
      }
      default:
        return undefined;
    }
  }

  key(id: string, region: string): Promise<{ readonly arn: string; readonly aliases: readonly string[] }> {
    return this.#once(`${region} ${id}`, () => this.readKey(id, region));
  }

  private async readKey(
    id: string,
    region: string,
  ): Promise<{ readonly arn: string; readonly aliases: readonly string[] }> {
    const { KeyMetadata } = await this.json('kms', 'TrentService.DescribeKey', region, { KeyId: id });
    const { Arn: arn, KeyId } = KeyMetadata as { readonly Arn: string; readonly KeyId: string };
    const { Aliases } = await this.json('kms', 'TrentService.ListAliases', region, {});
    const aliases = (Aliases as readonly { readonly AliasName: string; readonly TargetKeyId?: string }[])
      .filter(({ TargetKeyId }) => TargetKeyId === KeyId)
      .map(({ AliasName }) => AliasName);
    return { arn, aliases };
  }

  /** ARN of the role that a project's builds get. */
  async projectRole(name: string): Promise<string> {
    const { projects } = await this.json('codebuild', 'CodeBuild_20161006.BatchGetProjects', this.upstream.region, {
      names: [name],
    });
    const [project] = projects as readonly { readonly serviceRole: string }[];
    if (project === undefined) {
      throw new Error(`the project ${name} is not deployed`);
    }
    return project.serviceRole;
  }

  /** Calls a query API. @throws Error with the answer */
  async query(service: string, fields: Readonly<Record<string, string>>): Promise<string> {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const answer = await this.post(service, this.upstream.region, form, new URLSearchParams(fields).toString());
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${service} ${fields.Action} answered ${answer.status}: ${text}`);
    }
    return text;
  }

  private async json(
    service: string,
    target: string,
    region: string,
    input: object,
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.post(
      service,
      region,
      { 'x-amz-target': target, 'content-type': 'application/x-amz-json-1.1' },
      JSON.stringify(input),
    );
    const text = await answer.text();
    if (!answer.ok) {
      throw new Error(`${target} answered ${answer.status}: ${text}`);
    }
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  }

  private post(
    service: string,
    region: string,
    headers: Readonly<Record<string, string>>,
    body: string,
  ): Promise<Response> {
    return fetch(this.upstream.endpoint, {
      method: 'POST',
      headers: { ...headersFor(service, region), ...headers },
      body,
    });
  }
}

/** moto reads service and region from the signature, and does not check it. */
function headersFor(service: string, region: string): Readonly<Record<string, string>> {
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=proof/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  };
}

function textsOf(xml: string, element: string): readonly string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]+)</${element}>`, 'g'))].map(([, text = '']) => text.trim());
}

/** IAM returns documents URL-encoded (https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRolePolicy.html). */
function documentIn(xml: string, element: string): unknown {
  const [text = ''] = textsOf(xml, element);
  const decoded = (text.startsWith('%') ? decodeURIComponent(text) : text)
    .replaceAll('&quot;', '"')
    .replaceAll('&#34;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
  return JSON.parse(decoded);
}

function expectMissing(status: number, text: string, codes: RegExp): undefined {
  if (!codes.test(text)) {
    throw new Error(`expected a policy, or an error that there is none, got ${status}: ${text}`);
  }
  return undefined;
}
