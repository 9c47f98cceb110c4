import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifests, readModule } from '../../../lib/scaffold/adopt';
import { mainFile, readCheckout, withCheckout } from './checkout';

const prometheus = 'github.com/prometheus/client_golang/prometheus';

describe('an address', () => {
  test.each([
    ['a flag', ['flag'], 'flag.String("addr", ":8081", "listen")', { how: 'flag', flag: '--addr', port: 8081 }],
    [
      'a flag in a variable',
      ['flag'],
      'flag.IntVar(&port, "port", 8082, "")',
      { flag: '--port', port: 8082, barePort: true },
    ],
    [
      'a flag of pflag with a short name',
      ['github.com/spf13/pflag'],
      'pflag.StringP("listen-address", "l", "127.0.0.1:8083", "")',
      { flag: '--listen-address', host: '127.0.0.1', port: 8083 },
    ],
    [
      'a flag of kingpin, with its variable',
      ['github.com/alecthomas/kingpin/v2'],
      'kingpin.Flag("web.port", "").Envar("WEB_PORT").Default("8084").String()',
      { flag: '--web.port', environment: 'WEB_PORT', port: 8084 },
    ],
    [
      'the flag of exporter-toolkit',
      ['"github.com/prometheus/exporter-toolkit/web/kingpinflag"', 'github.com/alecthomas/kingpin/v2'],
      'kingpinflag.AddFlags(kingpin.CommandLine, ":9115")',
      { flag: '--web.listen-address', port: 9115 },
    ],
    [
      'a flag of urfave/cli',
      ['github.com/urfave/cli/v2'],
      '_ = &cli.StringFlag{Name: "listen-http", EnvVars: []string{"SHOP_LISTEN"}, Value: ":80"}',
      { flag: '--listen-http', environment: 'SHOP_LISTEN', port: 80 },
    ],
    [
      'a setting of viper',
      ['github.com/spf13/viper'],
      'viper.SetDefault("server.port", 8085)',
      { how: 'setting', port: 8085 },
    ],
    [
      'a helper for variables',
      [],
      '_ = envOr("PORT", "8086")',
      { how: 'environment', environment: 'PORT', port: 8086 },
    ],
    [
      'a variable with a default',
      ['cmp', 'os'],
      '_ = cmp.Or(os.Getenv("HTTP_ADDR"), ":8087")',
      { environment: 'HTTP_ADDR', port: 8087 },
    ],
    ['a listen call', ['net/http'], 'http.ListenAndServe(":8088", nil)', { how: 'listen', port: 8088 }],
    ['a listener', ['net'], 'net.Listen("tcp", ":8089")', { how: 'listen', port: 8089 }],
    ['a server', ['net/http'], '_ = http.Server{Addr: ":8090"}', { how: 'name', name: 'Addr', port: 8090 }],
    ['a joined text', ['fmt', 'net/http'], 'http.ListenAndServe(fmt.Sprintf(":%d", 8091), nil)', { port: 8091 }],
  ])('is read from %s', async (_, imports, statement, expected) => {
    const { addresses } = await readCheckout({ 'main.go': mainFile(imports, statement, 'var port int') });
    expect(addresses).toMatchObject([{ file: 'main.go', ...expected }]);
  });

  test('is read from the tags of a configuration', async () => {
    const { addresses } = await readCheckout({
      'main.go': mainFile(
        [],
        '',
        'type config struct {\n\tListenAddr string `env:"LISTEN_ADDR" envDefault:":8092"`\n}',
      ),
    });
    expect(addresses).toMatchObject([{ how: 'setting', environment: 'LISTEN_ADDR', port: 8092, line: 7 }]);
  });

  test('is read through constants of other packages', async () => {
    const { addresses } = await readCheckout({
      'main.go': mainFile(['example.com/acme/shop/config', 'flag'], 'flag.String("addr", config.Host+config.Port, "")'),
      'config/config.go': 'package config\n\nconst Host = "0.0.0.0"\n\nconst Port = ":8093"\n',
    });
    expect(addresses).toContainEqual(
      expect.objectContaining({ flag: '--addr', host: '0.0.0.0', port: 8093, line: 10 }),
    );
  });

  test.each([
    ['a variable that another statement changes', 'addr := ":1"\n\taddr = other()\n\thttp.ListenAndServe(addr, nil)'],
    ['a name that only contains the word', '_ = reporter{StatusUnsupported: 1003}'],
    ['a message', 'log.Run("listening on :8080")'],
  ])('is not read from %s', async (_, statement) => {
    const { addresses } = await readCheckout({ 'main.go': mainFile(['net/http', 'log'], statement) });
    expect(addresses.filter(({ how }) => how === 'listen' || how === 'flag')).toEqual([]);
  });
});

describe('a path', () => {
  test.each([
    ['a mux', 'mux.HandleFunc("/healthz", handle)', '/healthz'],
    ['a pattern with its method', 'mux.HandleFunc("GET /readyz", handle)', '/readyz'],
    ['a prefix that is not known', 'router.Get(prefix+"/-/ready", handle)', '/-/ready'],
    ['a function that adds a prefix', 'router.Handle(withPrefix("/livez"), handle)', '/livez'],
    ['a comparison', 'if request.URL.Path == "/v1/health" {}', '/v1/health'],
    ['a router of its own', 'router.GET("/api/metrics", handle)', '/api/metrics'],
  ])('is read from %s', async (_, statement, path) => {
    const { paths } = await readCheckout({ 'main.go': mainFile([], statement) });
    expect(paths).toMatchObject([{ path, registered: true, file: 'main.go' }]);
  });
});

test('a path has the name of its router, and a flag for the path of a probe says which', async () => {
  const { paths } = await readCheckout({
    'main.go': mainFile(
      ['flag'],
      'telemetryRouter.Handle("/metrics", m)\n\tflag.String("metrics.health-path", "/status", "")\n\tflag.String("ready-path", "/up", "")\n\tflag.String("path", "/orders", "")',
    ),
  });
  expect(paths.map(({ path, router, probe }) => [path, router, probe])).toEqual([
    ['/metrics', 'telemetryRouter', undefined],
    ['/status', 'metrics.health-path', 'health'],
    ['/up', 'ready-path', 'ready'],
  ]);
});

test('an address in a nested literal has the names around it', async () => {
  const { addresses } = await readCheckout({
    'main.go': mainFile([], '_ = config{Metrics: &metrics{Addr: ":2112"}, HTTP: server{Listen: inner{Port: 8080}}}'),
  });
  expect(addresses.map(({ name, port }) => [name, port])).toEqual([
    ['Metrics.Addr', 2112],
    ['HTTP.Listen.Port', 8080],
  ]);
});

describe('a metric', () => {
  const metricsOf = async (statement: string, declarations = '') =>
    (
      await readCheckout({
        'main.go': mainFile(
          [prometheus, 'github.com/prometheus/client_golang/prometheus/promauto'],
          statement,
          declarations,
        ),
      })
    ).metrics;

  test('has its whole name and its labels', async () => {
    expect(
      await metricsOf(
        'prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Subsystem: "http", Name: "requests_total"}, []string{"method", "code"})',
        'const namespace = "shop"',
      ),
    ).toMatchObject([
      { kind: 'counter', name: 'shop_http_requests_total', labels: ['method', 'code'], complete: true },
    ]);
  });

  test.each([
    [
      'a variable with labels',
      'prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "d_seconds"}, labels)',
      'var labels = []string{"status"}',
    ],
    [
      'promauto with a registry',
      'promauto.With(nil).NewHistogramVec(prometheus.HistogramOpts{Name: "d_seconds"}, []string{"status"})',
      '',
    ],
    [
      'options in a variable',
      'opts := prometheus.HistogramOpts{Name: "d_seconds"}\n\tprometheus.NewHistogramVec(opts, []string{"status"})',
      '',
    ],
    [
      'a wrapper of the module',
      'register(options(prometheus.HistogramOpts{Name: "d_seconds"}), []string{"status"})',
      '',
    ],
  ])('is read through %s', async (_, statement, declarations) => {
    expect(await metricsOf(statement, declarations)).toMatchObject([
      { kind: 'histogram', name: 'd_seconds', labels: ['status'], complete: true },
    ]);
  });

  test('has incomplete labels where the source computes some', async () => {
    expect(
      await metricsOf(
        'prometheus.NewCounterVec(prometheus.CounterOpts{Name: "n"}, append([]string{"code"}, extra()...))',
      ),
    ).toMatchObject([{ labels: ['code'], complete: false }]);
  });

  test.each([
    ['without buckets', 'NativeHistogramBucketFactor: 1.1', true],
    ['with buckets too', 'NativeHistogramBucketFactor: 1.1, Buckets: prometheus.DefBuckets', false],
  ])('is native %s: %#', async (_, fields, native) => {
    expect(await metricsOf(`prometheus.NewHistogram(prometheus.HistogramOpts{Name: "d", ${fields}})`)).toMatchObject([
      { native },
    ]);
  });

  test('is not looked for without end in a variable that refers to itself', async () => {
    expect(await metricsOf('next := wrap(next)\n\tserve(next)\n\ta := b + a\n\thttp.ListenAndServe(a, next)')).toEqual(
      [],
    );
  });

  test('of docker/go-metrics has the names of its namespace', async () => {
    const { metrics } = await readCheckout({
      'main.go': mainFile(
        ['github.com/docker/go-metrics'],
        'ns := metrics.NewNamespace("shop", "http", nil)\n\tns.NewDefaultHttpMetrics("orders")',
      ),
    });
    expect(metrics.map(({ name, labels }) => [name, labels])).toEqual([
      ['shop_http_requests_total', ['handler', 'code', 'method']],
      ['shop_http_request_duration_seconds', ['handler', 'code', 'method']],
    ]);
  });
});

describe('a package', () => {
  test('needs cgo if it does not compile without', async () => {
    const { packages } = await readCheckout({
      'main.go': mainFile(['C'], ''),
      'optional/with.go': '//go:build cgo\n\npackage optional\n\nimport "C"\n',
      'optional/without.go': '//go:build !cgo\n\npackage optional\n',
    });
    expect(packages.map(({ directory, cgo }) => [directory, cgo?.line])).toEqual([
      ['.', 4],
      ['optional', undefined],
    ]);
  });

  test('of another module is not read, and neither are tests, other systems and testdata', async () => {
    const { packages, addresses } = await readCheckout({
      'main.go': mainFile([], ''),
      'main_test.go': 'package main\n\nconst addr = ":1234"\n',
      'main_windows.go': 'package main\n\nconst addr = ":1235"\n',
      'testdata/main.go': mainFile([], ''),
      'vendor/example.com/x/x.go': 'package x\n',
      'other/go.mod': 'module example.com/other\n',
      'other/main.go': mainFile([], ''),
    });
    expect(packages.map(({ directory }) => directory)).toEqual(['.']);
    expect(addresses).toEqual([]);
  });

  test('of a module that go.mod replaces with a folder is read', async () => {
    const { packages } = await readCheckout({
      'go.mod': 'module example.com/acme/shop\n\ngo 1.26\n\nreplace example.com/acme/core => ./core\n',
      'main.go': mainFile(['example.com/acme/core/web'], ''),
      'core/go.mod': 'module example.com/acme/core\n',
      'core/web/web.go': 'package web\n',
    });
    expect(packages.find(({ directory }) => directory === '.')?.local).toEqual(['core/web']);
  });

  test('that does not parse is skipped with its reason, and the others are read', async () => {
    const { packages, skipped } = await readCheckout({
      'main.go': mainFile([], ''),
      'broken/broken.go': 'package broken\nfunc {',
    });
    expect(packages.map(({ directory }) => directory)).toContain('.');
    expect(skipped).toMatchObject([{ file: expect.stringContaining('broken') }]);
  });
});

describe('a Dockerfile', () => {
  test('says what its last stage runs', async () => {
    const { dockerfiles } = await readCheckout({
      'main.go': mainFile([], ''),
      Dockerfile: [
        'ARG PORT=8080',
        'FROM golang AS build',
        'EXPOSE 1',
        'RUN CGO_ENABLED=0 go build -o /shop .',
        'FROM scratch AS base',
        'ARG PORT=9000',
        'WORKDIR /srv',
        'FROM base',
        'COPY --from=build /shop /shop',
        'COPY config.yaml ./etc/',
        'EXPOSE $PORT/tcp',
        'VOLUME ["/data"]',
        'ENTRYPOINT ["/shop"]',
        'CMD ["serve", \\',
        '     "--config=/srv/etc/config.yaml"]',
      ].join('\n'),
    });
    expect(dockerfiles).toMatchObject([
      {
        ports: [{ port: '9000/tcp', line: 11 }],
        volumes: ['/data'],
        entrypoint: { arguments: ['/shop'], shell: false },
        command: { arguments: ['serve', '--config=/srv/etc/config.yaml'], line: 14 },
        copies: [{ from: 'build' }, { from: '', source: 'config.yaml', destination: '/srv/etc/' }],
        cgoEnabled: { enabled: false, line: 4 },
      },
    ]);
  });

  test('that does not parse is skipped', async () => {
    const { dockerfiles, skipped } = await readCheckout({ 'main.go': mainFile([], ''), Dockerfile: 'FRO scratch\n' });
    expect(dockerfiles).toEqual([]);
    expect(skipped).toMatchObject([{ file: 'Dockerfile' }]);
  });
});

describe('a flag of urfave/cli', () => {
  const flagsOf = async (statement: string, declarations = '') =>
    (
      await readCheckout({
        'main.go': mainFile(['github.com/urfave/cli/v2'], statement, declarations),
      })
    ).addresses;

  test.each([
    ['in it', '_ = cli.IntFlag{Name: "port", Value: 8080}'],
    ['beside it', '_ = setting{Default: 8080, Flag: cli.IntFlag{Name: "port", EnvVar: "PORT"}}'],
    ['beside a reference', '_ = setting{Value: 8080, Flag: &cli.IntFlag{Name: "port"}}'],
  ])('has the default that stands %s', async (_, statement) => {
    expect(await flagsOf(statement)).toMatchObject([{ flag: '--port', port: 8080, barePort: true }]);
  });

  test('for a number takes a bare port without a default too', async () => {
    expect(await flagsOf('_ = cli.Int64Flag{Name: "port"}')).toMatchObject([{ port: 0, barePort: true }]);
  });

  test.each([
    ['in the command', '_ = &cli.Command{Name: "serve", Flags: []cli.Flag{&cli.StringFlag{Name: "addr"}}}', ''],
    [
      'in a variable that the command names',
      '_ = &cli.Command{Name: "serve", Flags: flags}',
      'var flags = append(more, &cli.StringFlag{Name: "addr"})',
    ],
  ])('%s has the command', async (_, statement, declarations) => {
    expect(await flagsOf(statement, declarations)).toMatchObject([{ flag: '--addr', command: 'serve' }]);
  });
});

test.each([
  [
    'of cobra',
    'serveCmd := &cobra.Command{Use: "serve [flags]"}\n\tserveCmd.Flags().String("addr", ":8080", "")',
    'serve',
  ],
  [
    'of cobra for every command',
    'root := &cobra.Command{Use: "serve"}\n\troot.PersistentFlags().String("addr", ":8080", "")',
    undefined,
  ],
  ['of kingpin', 'server := app.Command("server", "")\n\tserver.Flag("addr", "").Default(":8080").String()', 'server'],
  ['of the program', 'flag.String("addr", ":8080", "")', undefined],
])('a flag %s has the command that defines it', async (_, statement, command) => {
  const { addresses } = await readCheckout({ 'main.go': mainFile(['github.com/spf13/cobra', 'flag'], statement) });
  expect(addresses.map((address) => address.command)).toEqual([command]);
});

test('an address has its function, and a port that only viper names has no default', async () => {
  const { addresses } = await readCheckout({
    'pprof.go': 'package main\n\nfunc NewPprofServer() any { return server{Addr: ":6060"} }\n',
    'main.go': mainFile(['github.com/spf13/viper'], '_ = viper.GetUint("port")'),
  });
  expect(addresses).toMatchObject([
    { how: 'setting', name: 'port', port: 0, barePort: true },
    { port: 6060, function: 'NewPprofServer' },
  ]);
});

test.each([
  'Dockerfile',
  'Dockerfile-alpine',
  '.docker/Dockerfile-build',
  'build/shop.Dockerfile',
  'deploy/Containerfile',
])('the command of %s is read', async (path) => {
  const { dockerfiles } = await readCheckout({ [path]: 'FROM scratch\nENTRYPOINT ["/shop"]\nCMD ["serve"]\n' });
  expect(dockerfiles).toMatchObject([{ file: path, command: { arguments: ['serve'] } }]);
});

test('a file that is no Go names its line', async () => {
  const { skipped } = await readCheckout({ 'main.go': 'package main\n\nfunc main() {\n\tx :=\n}\n' });
  expect(skipped).toMatchObject([{ file: 'main.go', line: 5, reason: expect.stringContaining('expected') }]);
});

test.each([
  ['with a wrong version', 'module x\n\ngo x\n', 'go.mod:3: '],
  ['without a module', '', 'go.mod:1: '],
])('a go.mod %s is bad input with its line', async (_, text, message) => {
  await expect(readCheckout({ 'go.mod': text })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(message),
  });
});

test('a folder named go.mod is bad input', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bowline-adopt-'));
  try {
    mkdirSync(join(folder, 'go.mod'));
    await expect(readModule({ root: folder, directory: '.' })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/^go\.mod: /),
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a named pipe in the checkout is passed over', async () => {
  await withCheckout({ 'main.go': mainFile(['net/http'], 'http.ListenAndServe(":8080", nil)') }, async (root) => {
    for (const name of ['pipe.go', 'Dockerfile', 'manifest.yaml']) {
      execFileSync('mkfifo', [join(root, name)]);
    }
    expect((await readModule({ root, directory: '.' })).addresses).toMatchObject([{ port: 8080 }]);
    expect(readManifests({ root, directory: '.' })).toEqual([]);
  });
});
