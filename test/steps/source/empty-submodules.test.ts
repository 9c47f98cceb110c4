import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inspectSource } from '../../../lib/steps';
import { parseService } from '../../image/parse-service';
import { type Checkout, embedding, goMod, openCheckout, program } from '../checkout';

let checkout: Checkout;
beforeEach(() => {
  checkout = openCheckout();
});
afterEach(() => checkout.dispose());

/** An archive, as a pipeline gets it: no repository of git, and a submodule without files. */
function archive(path: string, files: Readonly<Record<string, string>>): void {
  checkout.write({
    'go.mod': goMod('example.com/site'),
    '.gitmodules': `[submodule "x"]\n\tpath = ${path}\n\turl = ../x.git\n`,
    ...files,
  });
  mkdirSync(join(checkout.directory, path), { recursive: true });
}

const inspect = (build = '{}', source = '{ repository: a/shop }') =>
  inspectSource(checkout.directory, parseService(build, source).service);

describe('an empty submodule is an error if the build reads it', () => {
  test.each([
    [
      'an embedded folder',
      'web/ui',
      { 'main.go': embedding('web'), 'web/index.html': '<p>' },
      'main.go:5:12: pattern web embeds',
    ],
    ['a wildcard', 'web/ui', { 'main.go': embedding('web/*'), 'web/index.html': '<p>' }, 'pattern web/* embeds'],
    ['a class', 'web/ui', { 'main.go': embedding('web/[a-z]?'), 'web/js': '' }, 'pattern web/[a-z]? embeds'],
    ['hidden folders', 'web/_ui', { 'main.go': embedding('all:web'), 'web/a': '' }, 'pattern all:web embeds'],
    [
      'a hidden folder by name',
      'web/_ui/x',
      { 'main.go': embedding('web/_ui'), 'web/_ui/a': '' },
      'pattern web/_ui embeds',
    ],
    [
      'an import',
      'log',
      { 'main.go': program('example.com/site/log/json') },
      'the program imports example.com/site/log/json, in',
    ],
    [
      'a replacement',
      'libs/log',
      {
        'go.mod': goMod('example.com/site', 'require example.com/log v0.0.0', 'replace example.com/log => ./libs/log'),
        'main.go': program('example.com/log'),
      },
      'go.mod:7 replaces example.com/log with ./libs/log, in',
    ],
    [
      'a workspace',
      'log',
      { 'go.work': 'go 1.26\n\nuse (\n\t.\n\t./log\n)\n', 'main.go': program() },
      'go.work uses log, in',
    ],
  ])('%s', async (_, path, files, reader) => {
    archive(path, files);
    await expect(inspect()).rejects.toMatchObject({ code: 'recipe', exitCode: 3 });
    await expect(inspect()).rejects.toThrow(
      `${reader} the submodule ${path}, which is empty. The source of this pipeline is an archive`,
    );
    await expect(inspect()).rejects.toThrow('set source.clone: full, and deploy the pipeline; or vendor the module');
    await expect(inspect('{}', '{ repository: a/shop, clone: full }')).rejects.toThrow(
      'On your machine, run git submodule update --init --recursive. In a pipeline, deploy it again',
    );
    checkout.write({ [`${path}/go.mod`]: goMod('example.com/log'), [`${path}/log.go`]: 'package log\n' });
    const message = await inspect().then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message).not.toContain('which is empty');
  });

  test('the folder of the module, the main package, and listed files', async () => {
    archive('cmd/server', { 'main.go': program() });
    await expect(inspect('{ main: ./cmd/server }')).rejects.toThrow(
      'the main package (./cmd/server) is in the submodule cmd/server',
    );
    await expect(inspect('{}', '{ repository: a/shop, directory: cmd/server/api }')).rejects.toThrow(
      'source.directory (cmd/server/api) is in the submodule cmd/server',
    );
    await expect(inspect('{ files: [cmd] }')).rejects.toThrow('build.files lists cmd, with the submodule cmd/server');
  });

  test('a submodule of a submodule', async () => {
    archive('web', {
      'main.go': embedding('web'),
      'web/index.html': '<p>',
      'web/.gitmodules': '[submodule "y"]\npath = ui/y\n',
    });
    await expect(inspect()).rejects.toThrow('pattern web embeds the submodule web/ui/y, which is empty');
  });
});

test.each([
  ['documents', 'docs/theme', { 'main.go': program() }],
  ['another folder', 'web/ui', { 'main.go': embedding('web/index.html'), 'web/index.html': '<p>' }],
  ['a folder that the pattern leaves out', 'web/_ui', { 'main.go': embedding('web'), 'web/index.html': '<p>' }],
  ['a name that only begins like a match', 'web/ui', { 'main.go': embedding('web/u'), 'web/u': '' }],
  [
    'a package of another module',
    'log',
    {
      'main.go': program('example.com/sitelog'),
      'go.mod': goMod('example.com/site', 'require example.com/sitelog v1.0.0'),
      'go.sum': 'x',
    },
  ],
])('an empty submodule that the build does not read is none: %s', async (_, path, files) => {
  archive(path, files);
  await expect(inspect()).resolves.toMatchObject({ facts: { emptySubmodules: [path] } });
});

test('.gitmodules cannot point out of the checkout, nor break the reading', async () => {
  archive('web', { 'main.go': program() });
  for (const text of [
    '[submodule "a"]\npath = ../../etc\n',
    '[submodule "a"]\npath = /etc\n',
    '[submodule',
    '\0',
    '[include]\npath = /etc/passwd\n',
  ]) {
    checkout.write({ '.gitmodules': text });
    expect((await inspect()).facts.emptySubmodules).toEqual([]);
  }
});
