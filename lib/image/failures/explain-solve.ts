import { type BuildContext, type BuildProblem, excerpt } from './build-problem';
import { explainMachine } from './machine-problems';

/**
 * Explains a failed solve without a failed command: a base image that cannot be pulled, an image that cannot be pushed.
 * @param output the progress of BuildKit
 * @param platforms the target platforms
 */
export function explainSolve(
  output: string,
  platforms: readonly string[],
  context: BuildContext,
): BuildProblem | undefined {
  const line = [...output.matchAll(/^(?:error|ERROR): (.*failed to solve.*)$/gm)].at(-1)?.[1];
  if (line === undefined) {
    return undefined;
  }
  const machine = explainMachine({ lines: [line], exitCode: 1, command: 'BuildKit' }, context);
  if (machine !== undefined) {
    return machine;
  }
  const text = line.replace(/^failed to solve: /, '');
  return /failed to push|pushing (?:layers|manifest)/.test(text)
    ? explainPush(text, context)
    : explainBase(text, platforms, context);
}

function explainBase(text: string, platforms: readonly string[], { service }: BuildContext): BuildProblem | undefined {
  const image =
    /failed to resolve source metadata for (\S+?): /.exec(text)?.[1] ?? /^(\S+@sha256:[0-9a-f]{64}): /.exec(text)?.[1];
  if (image === undefined) {
    return undefined;
  }
  const host = image.split('/')[0] ?? image;
  const answer = baseAnswers.find(({ pattern }) => pattern.test(text));
  const { kind, what, remedy } =
    answer === undefined
      ? {
          kind: 'inconclusive' as const,
          what: `${host} does not answer as expected`,
          remedy: 'Check the registry and the network, then run the build again',
        }
      : answer.explain(host, platforms);
  return {
    code: 'base-unavailable',
    kind,
    message: [`${service.name}: cannot pull the base image ${image}: ${what}`, ...excerpt([text]), `  ${remedy}`].join(
      '\n',
    ),
  };
}

interface BaseAnswer {
  readonly pattern: RegExp;
  readonly explain: (
    host: string,
    platforms: readonly string[],
  ) => { readonly kind: BuildProblem['kind']; readonly what: string; readonly remedy: string };
}

const baseAnswers: readonly BaseAnswer[] = [
  {
    pattern: /no match for platform in manifest/,
    explain: (_, platforms) => ({
      kind: 'badInput',
      what: 'it is not for every target platform of the service',
      remedy: `Set build.platforms (now ${platforms.join(', ')}) to those of the image, or bases in platform.yaml to an image for all of them`,
    }),
  },
  {
    pattern: /toomanyrequests|429 Too Many Requests|rate limit/i,
    explain: (host) => ({
      kind: 'inconclusive',
      what: `${host} limits the number of pulls`,
      remedy: 'Run the build again later, or copy the base images to your own registry (docs/how-to/base-images.md)',
    }),
  },
  {
    pattern:
      /insufficient_scope|authorization failed|pull access denied|401 Unauthorized|403 Forbidden|no basic auth credentials|failed to authorize|denied:/i,
    explain: (host) => ({
      kind: 'badInput',
      what: `${host} refuses it, or it does not exist`,
      remedy:
        'Check the image in bases of platform.yaml. The build logs in to ECR only: copy images of other private registries to your own (docs/how-to/base-images.md)',
    }),
  },
  {
    pattern: /manifest unknown|404 Not Found|name unknown|repository does not exist|: not found$/i,
    explain: (host) => ({
      kind: 'badInput',
      what: `${host} does not have it`,
      remedy: 'Correct the image in bases of platform.yaml: its name, and a digest that still exists',
    }),
  },
  {
    pattern: /x509: |certificate/i,
    explain: (host) => ({
      kind: 'inconclusive',
      what: `the build machine does not trust the certificate of ${host}`,
      remedy: 'Add the certificate of its authority to the build machine',
    }),
  },
];

function explainPush(text: string, { service }: BuildContext): BuildProblem {
  const target = /failed to push (\S+?):? /.exec(text)?.[1];
  return {
    code: 'image-not-pushed',
    kind: 'inconclusive',
    message: [
      `${service.name}: the registry does not accept the image${target === undefined ? '' : ` ${target}`}`,
      ...excerpt([text]),
      '  Check that the repository exists and that the build may push to it, then run the build again',
    ].join('\n'),
  };
}
