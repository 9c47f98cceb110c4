import { join } from 'node:path';
import fc from 'fast-check';
import { loadCatalog, type Service } from '../../lib/catalog';
import { createImageRecipe, type SourceFacts } from '../../lib/image';
import { embed, factsWith, vendored, workspace } from './facts';
import { parseService } from './parse-service';

const root = join(__dirname, '..', '..');
function recipe(build = '{}', facts: Partial<SourceFacts> = {}, source = '{ repository: a/shop }') {
  const { platform, service } = parseService(build, source);
  return createImageRecipe(platform, service, factsWith(facts));
}

test.each([
  ['a static binary without tools', '{}', 'scratch'],
  ['a static binary with debugging tools', '{ debugTools: true }', 'alpine'],
  ['a binary that links C', '{ cgo: true }', 'distroless'],
  ['an explicit build.base', '{ base: distroless }', 'distroless'],
])('%s has the matching base: %#', (_, build, base) => {
  expect(recipe(build).base.kind).toBe(base);
});

test('dependencies have a layer before the source, and the source is compiled without network access', () => {
  const { dockerfile } = recipe();
  const lines = dockerfile.split('\n');
  const download = lines.indexOf('RUN ["go", "mod", "download"]');
  const compile = lines.findIndex((line) =>
    line.startsWith('RUN --network=none --mount=type=bind,target=/source --mount=type=cache'),
  );
  expect(lines.indexOf('COPY go.mod go.sum ./')).toBeLessThan(download);
  expect(download).toBeLessThan(compile);
  expect(lines[download + 1]).toBe('RUN ["go", "mod", "verify"]');
  expect(lines[compile]).toContain(
    '["go", "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags=-s -w -buildid=", "-o", "/out/root/shop", "."]',
  );
});

test('every compilation starts with the compile cache of the build, or with an empty one', () => {
  const { dockerfile } = recipe('{ binaries: [windows/amd64] }');
  const mounts = dockerfile.split('\n').filter((line) => line.includes('--mount=type=cache'));
  expect(mounts).toHaveLength(3);
  for (const mount of mounts) {
    expect(mount).toContain('--mount=type=cache,id=go-build-shop,from=compile-cache,target=/cache ');
  }
  expect(dockerfile).toContain('FROM --platform=$BUILDPLATFORM scratch AS compile-cache\n');
});

test.each([
  [
    'a required module',
    '{}',
    { requirements: factsWith().requirements.map((one) => ({ ...one, version: 'v0.34.0' })) },
  ],
  ['an experiment', '{ experiment: [jsonv2] }', {}],
  ['the cryptographic module', '{ fips: v1.0.0 }', {}],
  ['the level of amd64', '{ amd64: v3 }', {}],
  ['a build tag', '{ tags: [netgo] }', {}],
  ['a target platform', '{ platforms: [linux/arm64] }', {}],
  ['cgo', '{ cgo: true }', {}],
  ['a vendor folder', '{}', vendored],
])('%s changes the compile cache', (_, build, facts) => {
  expect(recipe(build, facts).compileCache).not.toBe(recipe().compileCache);
});

test('link flags and the source do not change the compile cache', () => {
  const changed = recipe('{ linkFlags: [-X=main.version=2] }', { embeds: [embed('a', '*', ['a/b.txt'])] });
  expect(changed.compileCache).toBe(recipe().compileCache);
});

test('with a vendor folder nothing is downloaded', () => {
  const { dockerfile, layout } = recipe('{}', vendored);
  expect(layout.vendored).toBe(true);
  expect(dockerfile).toContain('GOFLAGS=-mod=vendor');
  expect(dockerfile).not.toContain('download');
});

test('build.vendor: never excludes the vendor folder from the context', () => {
  const { dockerignore, dockerfile } = recipe('{ vendor: never }');
  expect(dockerfile).toContain('GOFLAGS=-mod=readonly');
  expect(dockerignore.split('\n')).toContain('vendor');
});

test('the image runs the binary directly as an unprivileged user', () => {
  for (const build of ['{}', '{ debugTools: true }', '{ cgo: true }']) {
    expect(recipe(build).dockerfile).toContain('USER 65532:65532\nENTRYPOINT ["/shop"]');
  }
});

test('no command of a Dockerfile runs in a shell', () => {
  for (const build of ['{}', '{ debugTools: true }', '{ cgo: true }', '{ binaries: [windows/amd64, linux/mips] }']) {
    const commands = recipe(build)
      .dockerfile.split('\n')
      .filter((line) => line.startsWith('RUN'));
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) {
      expect(line).toMatch(/^RUN (?:--\S+ )*\["[a-z]+"(?:, "[^"]*")*\]$/);
    }
  }
});

test('standalone binaries are cross-compiled in separate stages', () => {
  const { dockerfile } = recipe('{ binaries: [windows/amd64, linux/mips] }');
  expect(dockerfile).toContain('ENV GOOS=windows GOARCH=amd64 CGO_ENABLED=0');
  expect(dockerfile).toContain('"/out/shop-windows-amd64.exe"');
  expect(dockerfile).toContain('"/out/shop-linux-mips"');
});

test('additional link flags follow the default ones', () => {
  expect(recipe('{ linkFlags: [-X=example.com/shop/version.Name=blue] }').dockerfile).toContain(
    '"-ldflags=-s -w -buildid= -X=example.com/shop/version.Name=blue"',
  );
});

test('the build context is an allow-list that excludes secrets, and then contains exactly the embedded files', () => {
  const lines = recipe('{}', { embeds: [embed('web', 'static', ['web/static', 'web/pages/[id].html'])] })
    .dockerignore.trim()
    .split('\n');
  expect(lines[1]).toBe('**');
  expect(lines).toEqual(expect.arrayContaining(['!**/*.go', '!go.mod']));
  expect(lines.slice(-2)).toEqual(['!web/pages/\\[id\\].html', '!web/static']);
  for (const secret of ['**/.git', '**/.env', '**/*.pem', '**/*.key', '**/*.log', '**/cdk.out']) {
    expect(lines.indexOf(secret)).toBeGreaterThan(lines.lastIndexOf('!**/*.go'));
  }
});

test.each(['h', 's', 'syso'])(
  'the build context includes *.%s files for the Go assembler and linker, even without cgo',
  (extension) => {
    const { dockerignore } = recipe();
    expect(dockerignore.split('\n')).toContain(`!**/*.${extension}`);
  },
);

test('embedded files of vendored packages override the exclusion of secrets', () => {
  const lines = recipe('{}', {
    ...vendored,
    embeds: [embed('vendor/example.com/roots', 'certs', ['vendor/example.com/roots/roots.pem'], { vendored: true })],
  })
    .dockerignore.trim()
    .split('\n');
  expect(lines.at(-1)).toBe('!vendor/example.com/roots/roots.pem');
  expect(lines).toContain('!vendor');
});

test('files of build.include override every exclusion', () => {
  expect(recipe('{ include: [certs/roots.pem] }').dockerignore.trimEnd().endsWith('!certs/roots.pem')).toBe(true);
});

describe('in a workspace', () => {
  const source = '{ repository: a/shop, directory: services/billing }';

  test('the go command runs in the folder of the module, below the root of the repository', () => {
    const lines = recipe('{}', workspace, source).dockerfile.split('\n');
    expect(lines).toContain('ENV GOTOOLCHAIN=local GOMODCACHE=/modules GOCACHE=/cache GOWORK=/source/go.work');
    const start = lines.indexOf('COPY go.work go.work.sum ./');
    expect(lines.slice(start, start + 5)).toEqual([
      'COPY go.work go.work.sum ./',
      'COPY services/billing/go.mod services/billing/go.sum services/billing/',
      'COPY libs/money/go.mod libs/money/',
      'COPY libs/unused/go.mod libs/unused/',
      'WORKDIR /source/services/billing',
    ]);
  });

  test('the context has the modules that the program needs, and of the others only go.mod and go.sum', () => {
    const { dockerignore, layout } = recipe('{}', workspace, source);
    expect(layout.root).toBe('.');
    const lines = dockerignore.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        '!go.work',
        '!go.work.sum',
        '!libs/money/**/*.go',
        '!services/billing/**/*.go',
        '!libs/unused/go.mod',
        'services/billing/vendor',
      ]),
    );
    expect(lines).not.toContain('!libs/unused/**/*.go');
    expect(lines).not.toContain('!**/*.go');
  });

  test('nothing is downloaded if all requirements are modules of the workspace', () => {
    expect(recipe('{}', workspace, source).dockerfile).toContain('RUN ["go", "mod", "download"]');
    const local = factsWith().requirements.map((requirement) => ({ ...requirement, local: true }));
    expect(recipe('{}', { ...workspace, requirements: local }, source).dockerfile).not.toContain('download');
  });

  test('a module inside of another one that the program does not need is left out', () => {
    const { dockerignore } = recipe(
      '{}',
      {
        ...workspace,
        modules: [...(workspace.modules ?? []), { directory: 'services/billing/tools', path: 'example.com/tools' }],
      },
      source,
    );
    const lines = dockerignore.split('\n');
    expect(lines.indexOf('services/billing/tools')).toBeGreaterThan(lines.indexOf('!services/billing/**/*.go'));
  });

  test('the explanation names the context, and folders whose changes release nothing', () => {
    const { decisions } = recipe('{}', workspace, source);
    expect(decisions.find(({ subject }) => subject === 'context')?.choice).toBe(
      'of the repository: services/billing, libs/money',
    );
    expect(decisions.find(({ subject }) => subject === 'triggers')?.reason).toContain(
      'add [go.work, go.work.sum, libs/money]',
    );
    const watched = '{ repository: a/shop, directory: services/billing, paths: [libs, go.work, go.work.sum] }';
    expect(recipe('{}', workspace, watched).decisions.map(({ subject }) => subject)).not.toContain('triggers');
  });

  test('a go.work that does not apply is switched off', () => {
    const unused = { ...workspace, mode: 'module' as const, localModules: (workspace.localModules ?? []).slice(0, 1) };
    const { dockerfile, layout } = recipe('{}', unused, source);
    expect(layout).toMatchObject({ root: 'services/billing', module: '.' });
    expect(dockerfile).toContain('GOCACHE=/cache GOWORK=off\n');
  });
});

test('a module outside of the folder of the service is copied from the root of the repository', () => {
  const { dockerfile, dockerignore } = recipe(
    '{}',
    {
      ...workspace,
      mode: 'module',
      workspace: undefined,
      replacements: [
        {
          path: 'example.com/money',
          position: 'services/billing/go.mod:7',
          with: '../../libs/money',
          place: 'checkout',
          folder: 'libs/money',
          exists: true,
          required: true,
        },
      ],
      localModules: (workspace.localModules ?? [])
        .slice(0, 2)
        .map((module, index) => ({ ...module, kind: index === 0 ? 'main' : 'replacement' })),
    },
    '{ repository: a/shop, directory: services/billing }',
  );
  expect(dockerfile).toContain('COPY libs/money/go.mod libs/money/\nWORKDIR /source/services/billing\n');
  expect(dockerfile).not.toContain('GOWORK');
  expect(dockerignore).toContain('!libs/money/**/*.go\n');
});

test('a link to a file elsewhere in the repository makes the repository the context', () => {
  const { dockerignore, layout } = recipe(
    '{}',
    {
      module: { path: 'example.com/shop', directory: 'service', hasSum: true },
      localModules: [{ path: 'example.com/shop', directory: 'service', kind: 'main', hasSum: true, needed: true }],
      links: [{ path: 'service/a.go', target: 'shared/a.go' }],
    },
    '{ repository: a/shop, directory: service }',
  );
  expect(layout).toMatchObject({ root: '.', module: 'service' });
  expect(dockerignore.split('\n')).toEqual(expect.arrayContaining(['!service/a.go', '!shared/a.go']));
});

test('settings of the toolchain reach every compilation', () => {
  const { dockerfile, decisions } = recipe(
    '{ experiment: [simd, jsonv2], fips: v1.0.0, amd64: v3, binaries: [windows/amd64] }',
  );
  const settings = dockerfile.split('\n').filter((line) => line.startsWith('ENV GOOS='));
  expect(settings).toHaveLength(2);
  for (const line of settings) {
    expect(line).toContain(' GOEXPERIMENT=jsonv2,simd GOFIPS140=v1.0.0 GOAMD64=v3');
  }
  expect(decisions.map(({ subject }) => subject)).toEqual(expect.arrayContaining(['experiment', 'fips', 'amd64']));
});

test('included files that nothing embeds are explained as no files of the image', () => {
  const included = recipe('{ include: [web/templates, certs] }', {
    embeds: [embed('.', 'certs', ['certs/roots.pem'])],
  });
  expect(included.decisions.find(({ subject }) => subject === 'include')?.choice).toBe(
    'web/templates: for the compiler only',
  );
});

test('files that the program reads are in /app, the working directory', () => {
  const { dockerfile, dockerignore } = recipe('{ files: [./web/templates/, config.yaml] }', {
    paths: [
      { path: './web/templates/', kind: 'folder', files: ['web/templates/index.html'] },
      { path: 'config.yaml', kind: 'file', files: ['config.yaml'] },
    ],
  });
  expect(dockerfile).toContain(
    'WORKDIR /app\nCOPY --chmod=u=rwX,go=rX web/templates /app/web/templates\nCOPY --chmod=u=rwX,go=rX config.yaml /app/config.yaml\nUSER 65532:65532\n',
  );
  expect(dockerignore.trim().split('\n').slice(-2)).toEqual(['!web/templates', '!config.yaml']);
  expect(recipe().dockerfile).not.toContain('WORKDIR /app');
});

test('the recipe is deterministic and contains no commit and no date', () => {
  const builds = fc.record({
    debugTools: fc.boolean(),
    tags: fc.uniqueArray(fc.constantFrom('netgo', 'osusergo', 'pro')),
  });
  fc.assert(
    fc.property(builds, fc.constantFrom({}, vendored, workspace), (build, facts) => {
      const text = JSON.stringify(build);
      const first = recipe(text, facts);
      expect(recipe(text, facts)).toEqual(first);
      expect(first.dockerfile).not.toMatch(/\b[0-9a-f]{40}\b|20\d\d-\d\d/);
    }),
    { numRuns: 50 },
  );
});

test('every decision has a reason', () => {
  const { platform, services } = loadCatalog(join(root, 'catalog'));
  const { decisions } = createImageRecipe(platform, services[0] as Service, factsWith());
  expect(decisions.map(({ subject }) => subject)).toEqual([
    'base',
    'builder',
    'modules',
    'cgo',
    'platforms',
    'compiler',
    'linker',
    'UPX',
    'cache',
    'user',
    'first start',
  ]);
  for (const { reason } of decisions) {
    expect(reason.length).toBeGreaterThan(15);
  }
});
