import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

/** Creates the pipelines of services. `deploy '*\/Keys'` and the like do not. */
const deploys = /\bcdk deploy (?:--all|'\*\/orders')|\bnpm run deploy\b/g;
const publishes = /\bbowline publish\b|\bnpm run publish-catalog\b/g;

/** Texts that deploy pipelines without a publication before it, with the reason. */
const exceptions: Readonly<Record<string, string>> = {
  'bin/aws-local.ts': 'about the local AWS, as docs/how-to/local-aws.md',
  'docs/first-hour-on-aws.md': 'experiments beside the steps of the runbook, which publish before they deploy',
  'docs/how-to/local-aws.md': 'the local AWS starts no pipeline; run --deployed publishes before it runs one',
  'docs/how-to/signing-keys.md': 'a key rotation changes pipelines and creates none',
  'lib/local/deployed/read-deployed-pipeline.ts': 'a message about the local AWS',
  'templates/platform/package.json': 'defines both commands, and runs none',
};

const texts = [
  'README.md',
  ...['docs', 'templates', 'lib', 'bin'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(?:md|ts|json)$/.test(name))
      .map((name) => join(folder, name)),
  ),
].map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

/** Places of deployments of pipelines before which the text does not publish, since the deployment before. */
function unpublished(text: string): readonly number[] {
  const published = [...text.matchAll(publishes)].map(({ index }) => index);
  let previous = -1;
  return [...text.matchAll(deploys)].flatMap(({ index }) => {
    const isPublished = published.some((each) => each > previous && each < index);
    previous = index;
    return isPublished ? [] : [text.slice(0, index).split('\n').length];
  });
}

const deploying = texts.filter(({ text }) => text.match(deploys) !== null);

test('every text that deploys pipelines publishes the services before: a new pipeline starts at once', () => {
  expect(deploying.map(({ path }) => path)).toEqual(
    expect.arrayContaining([
      'docs/how-to/runbook.md',
      'docs/tutorials/getting-started.md',
      'lib/bootstrap/bootstrap.ts',
      'lib/cli/actions/new-service.ts',
      'lib/cli/commands/bootstrap.ts',
      'templates/platform/README.md',
      'templates/platform/RUNBOOK.md',
    ]),
  );
  const wrong = deploying.flatMap(({ path, text }) =>
    path in exceptions ? [] : unpublished(text).map((line) => `${path}:${line}`),
  );
  expect(wrong).toEqual([]);
});

test('every exception is needed', () => {
  for (const path of Object.keys(exceptions)) {
    expect([path, unpublished(texts.find((each) => each.path === path)?.text ?? '').length > 0]).toEqual([path, true]);
  }
});
