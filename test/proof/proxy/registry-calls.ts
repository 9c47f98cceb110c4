import { type Call, UnknownRequest } from './call';

/** Where ECR repositories are. */
export interface RegistryPlace {
  readonly account: string;
  readonly region: string;
}

/**
 * The ECR permissions that a request of the OCI distribution protocol needs
 * (https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html;
 * ListImageReferrers: https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_ListImageReferrers.html).
 * @returns no call for the check of the API version, which only needs a token
 * @throws UnknownRequest
 */
export function registryCalls(method: string, target: string, place: RegistryPlace): readonly Call[] {
  const url = new URL(target, 'http://registry');
  if (/^\/v2\/?$/.test(url.pathname)) {
    return [];
  }
  const parts = /^\/v2\/(?<name>.+?)\/(?<kind>manifests|blobs|referrers|tags)\/(?<rest>.+)$/.exec(url.pathname)?.groups;
  const actions =
    parts === undefined ? undefined : actionsOf(method, parts.kind ?? '', parts.rest ?? '', url.searchParams);
  if (actions === undefined) {
    throw new UnknownRequest(`the registry: ${method} ${url.pathname}`);
  }
  const repository = (name: string) => `arn:aws:ecr:${place.region}:${place.account}:repository/${name}`;
  return actions.map((action) => ({ action, resource: repository(parts?.name ?? ''), context: {} }));
}

function actionsOf(method: string, kind: string, rest: string, query: URLSearchParams): readonly string[] | undefined {
  if (kind === 'blobs' && rest.startsWith('uploads')) {
    return uploadActions(method, query);
  }
  const actions: Readonly<Record<string, readonly string[]>> = {
    'GET manifests': ['ecr:BatchGetImage'],
    'HEAD manifests': ['ecr:BatchGetImage'],
    'PUT manifests': ['ecr:PutImage'],
    'DELETE manifests': ['ecr:BatchDeleteImage'],
    'GET blobs': ['ecr:GetDownloadUrlForLayer'],
    'HEAD blobs': ['ecr:BatchCheckLayerAvailability'],
    'GET referrers': ['ecr:BatchGetImage'],
    'GET tags': ['ecr:ListImages'],
  };
  return actions[`${method} ${kind}`];
}

/** One request can begin, fill and end an upload. */
function uploadActions(method: string, query: URLSearchParams): readonly string[] | undefined {
  switch (method) {
    case 'POST':
      return query.has('digest')
        ? ['ecr:InitiateLayerUpload', 'ecr:UploadLayerPart', 'ecr:CompleteLayerUpload']
        : ['ecr:InitiateLayerUpload'];
    case 'PATCH':
      return ['ecr:UploadLayerPart'];
    case 'PUT':
      return ['ecr:UploadLayerPart', 'ecr:CompleteLayerUpload'];
    // How far an upload is, and its end. ECR has no permission for either; the upload belongs to who began it.
    case 'GET':
    case 'DELETE':
      return ['ecr:InitiateLayerUpload'];
    default:
      return undefined;
  }
}
