import { renderService } from '../../../lib/scaffold/adopt';
import { type CheckoutFiles, mainFile, propose } from './checkout';

const prometheus = 'github.com/prometheus/client_golang/prometheus';
const http = 'net/http';

/** Definitions of metrics as in client_golang's examples. */
function metricsFile(counter: string, histogram: string): string {
  return `package main

import "${prometheus}"

var requests = prometheus.NewCounterVec(prometheus.CounterOpts{Name: "${counter}"}, []string{"method", "code"})

var durations = prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "${histogram}"}, []string{"code"})
`;
}

const shop: CheckoutFiles = {
  'main.go': mainFile(
    [http, 'flag'],
    [
      'addr := flag.String("addr", ":8081", "")',
      'http.HandleFunc("/healthz", ok)',
      'http.HandleFunc("/readyz", ok)',
      'http.Handle("/metrics", promhttp.Handler())',
      'http.ListenAndServe(*addr, nil)',
    ].join('\n\t'),
  ),
  'metrics.go': metricsFile('http_requests_total', 'http_request_duration_seconds'),
};

test('a service with the usual names is described without a question', async () => {
  expect(await propose(shop)).toMatchObject({
    main: { value: '.', where: expect.stringMatching(/^main\.go:9 /) },
    files: [],
    arguments: [],
    port: { value: 8081, where: 'main.go:10 (flag --addr)' },
    probes: { ready: { value: '/readyz', where: 'main.go:12' }, live: { value: '/healthz', where: 'main.go:11' } },
    metrics: {
      preset: 'client_golang',
      where: [expect.stringMatching(/^metrics\.go:5 /), expect.stringMatching(/^metrics\.go:7 /)],
    },
    questions: [],
  });
});

describe('the program', () => {
  const server = mainFile([http], 'http.ListenAndServe(":8080", nil)');
  const tool = mainFile([], '');

  test.each<[string, CheckoutFiles, string]>([
    ['has the name of the module', { 'cmd/shop/main.go': server, 'cmd/worker/main.go': tool }, './cmd/shop'],
    ['is no example', { 'cmd/run/main.go': server, 'examples/web/main.go': server }, './cmd/run'],
    ['is no client', { 'cmd/shopd/main.go': server, 'cmd/shopctl/main.go': server }, './cmd/shopd'],
    [
      'is what the Dockerfile starts',
      { 'cmd/one/main.go': server, 'cmd/two/main.go': server, Dockerfile: 'FROM scratch\nENTRYPOINT ["/bin/two"]\n' },
      './cmd/two',
    ],
  ])('%s', async (_, files, main) => {
    expect((await propose(files)).main.value).toBe(main);
  });

  test('is asked for where two are equal', async () => {
    await expect(propose({ 'cmd/one/main.go': server, 'cmd/two/main.go': server })).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('choose one with --main, such as --main ./cmd/one; found ./cmd/one, ./cmd/two'),
    });
  });

  test('is the one that --main names', async () => {
    const files = { 'cmd/one/main.go': server, 'cmd/two/main.go': server };
    expect((await propose(files, 'cmd/two')).main.value).toBe('./cmd/two');
    await expect(propose(files, './cmd/three')).rejects.toMatchObject({
      message: expect.stringContaining('./cmd/one, ./cmd/two'),
    });
  });

  test('of a library is an error that names the module', async () => {
    await expect(propose({ 'shop.go': 'package shop\n' })).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(/^go\.mod:1: the module example\.com\/acme\/shop has no program/),
    });
  });

  test('is described by what it is built from, not by its neighbors', async () => {
    const { port, metrics } = await propose({
      'cmd/shop/main.go': server,
      'internal/other/other.go': 'package other\n\nconst HTTPPort = ":9999"\n',
    });
    expect(port?.value).toBe(8080);
    expect(metrics.where).toEqual([]);
  });
});

describe('the port', () => {
  const portOf = async (statements: string, files: CheckoutFiles = {}) => {
    const { port, arguments: words } = await propose({ 'main.go': mainFile([http, 'flag'], statements), ...files });
    return { port: port?.value, arguments: words.map(({ value }) => value) };
  };

  test.each([
    ['of requests, not that of gRPC', 'flag.Int("grpc-port", 9000, "")\n\tflag.Int("port", 9001, "")', 9001],
    [
      'of requests, not that of TLS',
      'flag.String("https-address", ":8443", "")\n\tflag.String("http-address", ":8080", "")',
      8080,
    ],
    [
      'of requests, not that of a peer',
      'flag.String("redis-addr", "redis:6379", "")\n\tflag.String("listen", ":8080", "")',
      8080,
    ],
    ['of a flag, not that of a constant', 'httpPort := ":7000"\n\t_ = httpPort\n\tflag.Int("port", 7001, "")', 7001],
  ])('is that %s', async (_, statements, port) => {
    expect(await portOf(statements)).toEqual({ port, arguments: [] });
  });

  test('is that of EXPOSE where several are named', async () => {
    const files = { Dockerfile: 'FROM scratch\nEXPOSE 7002\n' };
    expect(await portOf('flag.Int("web-port", 7001, "")\n\tflag.Int("api-port", 7002, "")', files)).toMatchObject({
      port: 7002,
    });
    expect(await portOf('', files)).toMatchObject({ port: 7002 });
  });

  test.each([
    [
      'the loopback interface',
      'flag.String("http-address", "127.0.0.1:4180", "")',
      4180,
      '--http-address=0.0.0.0:4180',
    ],
    [
      'a URL of the loopback interface',
      'flag.String("listen", "http://127.0.0.1:4180", "")',
      4180,
      '--listen=http://0.0.0.0:4180',
    ],
    ['a low port', 'flag.String("listen-http", ":80", "")', 8080, '--listen-http=0.0.0.0:8080'],
    ['a low port without an address', 'flag.Int("port", 80, "")', 8080, '--port=8080'],
    ['nothing by default', 'flag.String("web-addr", "", "")', 8080, '--web-addr=0.0.0.0:8080'],
  ])('of a service that listens on %s is set by its flag', async (_, statements, port, argument) => {
    expect(await portOf(statements)).toEqual({ port, arguments: [argument] });
  });

  test('is not given to a flag that takes only a host', async () => {
    const listenHost = 'flag.String("listen-host", "", "")';
    expect(await portOf(listenHost)).toEqual({ port: undefined, arguments: [] });
    expect(await portOf(`${listenHost}\n\tflag.Int("port", 8081, "")`)).toEqual({ port: 8081, arguments: [] });
  });

  test('is asked for where the source names none', async () => {
    const { port, questions } = await propose({ 'main.go': mainFile([], 'serve()') });
    expect(port).toBeUndefined();
    expect(questions.map(({ field }) => field)).toContain('port');
  });
});

describe('the arguments', () => {
  const started = (...dockerfile: readonly string[]): CheckoutFiles => ({
    ...shop,
    'config/shop.yaml':
      'http:\n  addr: :5000\n  debug:\n    addr: :5001\n    prometheus: { enabled: true }\nredis:\n  addr: redis:6379\n',
    Dockerfile: ['FROM scratch', ...dockerfile].join('\n'),
  });

  test('are those of the Dockerfile, with the files of the checkout at their place in the image, and volumes below /tmp', async () => {
    const proposal = await propose(
      started(
        'COPY config/shop.yaml /etc/shop/config.yaml',
        'VOLUME /data',
        'ENTRYPOINT ["/bin/shop"]',
        'CMD ["serve", "--config=/etc/shop/config.yaml", "--data=/data/shop", "--other=/etc/hosts"]',
      ),
    );
    expect(proposal.arguments.map(({ value }) => value)).toEqual([
      'serve',
      '--config=/app/config/shop.yaml',
      '--data=/tmp/data/shop',
      '--other=/etc/hosts',
    ]);
    expect(proposal.files).toEqual([{ value: 'config/shop.yaml', where: 'Dockerfile:2 (COPY)' }]);
  });

  test('name a configuration whose addresses count more than those of the source', async () => {
    const proposal = await propose(started('COPY config/shop.yaml /etc/', 'CMD ["shop", "-c", "/etc/shop.yaml"]'));
    expect(proposal).toMatchObject({
      port: { value: 5000, where: 'config/shop.yaml:2 (http.addr)' },
      metricsPort: { value: 5001, where: 'config/shop.yaml:4 (http.debug.addr)' },
    });
  });

  test.each([
    ['a line for a shell', 'CMD shop serve'],
    ['another program', 'CMD ["/bin/supervisord", "-n"]'],
  ])('are not taken from %s', async (_, command) => {
    expect((await propose(started(command))).arguments).toEqual([]);
  });
});

describe('the files', () => {
  test('are those that the program reads by a relative path, each folder once', async () => {
    const { files } = await propose({
      ...shop,
      'web/templates/index.html': '',
      'web/templates/deep/a.html': '',
      'read.go':
        'package main\n\nfunc load() {\n\ttemplate.ParseGlob("web/templates/*.html")\n\tos.ReadFile("./web/templates/deep/a.html")\n\tos.Open("/etc/hosts")\n\tos.Open("missing.txt")\n}\n',
    });
    expect(files).toEqual([{ value: 'web/templates', where: 'read.go:4 (read by ParseGlob)' }]);
  });
});

describe('the metrics', () => {
  const withMetrics = (text: string, imports: readonly string[] = [prometheus]): CheckoutFiles => ({
    'main.go': mainFile(
      [http, ...imports],
      `http.ListenAndServe(":8080", nil)\n\thttp.Handle("/metrics", nil)\n\t${text}`,
    ),
  });

  test('keep their own names and the label of the status', async () => {
    const { metrics } = await propose(
      withMetrics(
        [
          'prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_upstream_requests_total"}, []string{"code"})',
          'prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_requests_total"}, []string{"handler", "status"})',
          'prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shop_response_size_bytes"}, []string{"status"})',
          'prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shop_request_duration_milliseconds"}, []string{"handler"})',
        ].join('\n\t'),
      ),
    );
    expect(metrics).toMatchObject({
      requests: 'shop_requests_total',
      duration: 'shop_request_duration_milliseconds',
      status: 'status',
      questions: [],
    });
  });

  test('count requests by the histogram where there is no counter', async () => {
    const { metrics } = await propose(
      withMetrics(
        'prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shop_http_request_duration_seconds"}, []string{"code"})',
      ),
    );
    expect(metrics).toMatchObject({
      requests: 'shop_http_request_duration_seconds_count',
      duration: 'shop_http_request_duration_seconds',
      status: 'code',
    });
  });

  test.each([
    ['github.com/slok/go-http-metrics/metrics/prometheus', 'go-http-metrics'],
    ['github.com/labstack/echo-contrib/echoprometheus', 'echo'],
    ['github.com/zsais/go-gin-prometheus', 'gin'],
    ['github.com/ansrivas/fiberprometheus/v2', 'fiber'],
    ['github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus', 'grpc'],
  ])('of %s are the preset %s', async (path, preset) => {
    expect((await propose(withMetrics('', [path]))).metrics).toMatchObject({
      preset,
      where: [`main.go:5 (imports ${path})`],
    });
  });

  test('of OpenTelemetry count only where they are exported to Prometheus', async () => {
    const otelhttp = 'go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp';
    expect((await propose(withMetrics('', [otelhttp]))).metrics.preset).toBeUndefined();
    expect(
      (await propose(withMetrics('', [otelhttp, 'go.opentelemetry.io/otel/exporters/prometheus']))).metrics.preset,
    ).toBe('opentelemetry');
  });

  test('are asked for where the source counts no requests, with what is missing', async () => {
    expect((await propose(withMetrics(''))).questions).toEqual([
      { field: 'metrics', what: expect.stringContaining('no counter of requests with a label for the status code') },
    ]);
  });

  test('are asked for where the duration is a summary, with its place', async () => {
    const { questions } = await propose(
      withMetrics(
        'prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_requests_total"}, []string{"code"})\n\tprometheus.NewSummaryVec(prometheus.SummaryOpts{Name: "shop_request_duration_seconds"}, nil)',
      ),
    );
    expect(questions).toEqual([
      {
        field: 'metrics.duration',
        what: expect.stringMatching(/shop_request_duration_seconds \(main\.go:13\) is a summary/),
      },
    ]);
  });

  test('are asked for with the histograms whose names do not say what they time', async () => {
    const { questions } = await propose(
      withMetrics(
        'prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_requests_total"}, []string{"code"})\n\tprometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shop_latency_by_api"}, nil)',
      ),
    );
    expect(questions).toEqual([
      {
        field: 'metrics.duration',
        what: expect.stringMatching(/in seconds or milliseconds.*: shop_latency_by_api \(main\.go:13\)$/),
      },
    ]);
  });

  test('are asked for where the source computes a part of their names', async () => {
    const { metrics } = await propose(
      withMetrics(
        'prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: prefix(), Name: "http_request_duration_seconds"}, []string{"code"})',
      ),
    );
    expect(metrics.questions).toEqual([
      { field: 'metrics.requests', what: expect.stringContaining('before http_request_duration_seconds_count') },
      { field: 'metrics.duration', what: expect.stringContaining('before http_request_duration_seconds') },
    ]);
  });

  test.each([
    ['of its own', 'flag.String("metrics-addr", ":9100", "")', 9100, []],
    ['of the requests', 'flag.String("metrics-addr", ":8080", "")', undefined, []],
  ])('are on the port %s', async (_, statement, port, words) => {
    const proposal = await propose(withMetrics(statement, ['flag', prometheus]));
    expect(proposal.metricsPort?.value).toBe(port);
    expect(proposal.arguments).toEqual(words);
  });

  test('are switched on by their flag where nothing else serves them', async () => {
    const proposal = await propose({
      'main.go': mainFile(
        [http, 'flag'],
        'flag.String("metrics-address", "", "")\n\thttp.ListenAndServe(":8080", nil)',
      ),
    });
    expect(proposal.metricsPort?.value).toBe(9090);
    expect(proposal.arguments.map(({ value }) => value)).toEqual(['--metrics-address=0.0.0.0:9090']);
  });
});

describe('the probes', () => {
  const withPaths = (...paths: readonly string[]) =>
    propose({
      'main.go': mainFile(
        [http],
        [...paths.map((path) => `mux.Handle("${path}", ok)`), 'http.ListenAndServe(":8080", nil)'].join('\n\t'),
      ),
    });

  test.each([
    [['/livez', '/readyz'], '/readyz', '/livez'],
    [['/-/healthy', '/-/ready'], '/-/ready', '/-/healthy'],
    [['/ping', '/ready'], '/ready', '/ping'],
    [['/api/v1/health'], '/api/v1/health', '/api/v1/health'],
    [['/healthz/live', '/healthz/ready', '/healthz'], '/healthz/ready', '/healthz/live'],
    [['/orders', '/metrics'], '/metrics', '/metrics'],
  ])('of %j are %s and %s', async (paths, ready, live) => {
    expect((await withPaths(...paths)).probes).toMatchObject({ ready: { value: ready }, live: { value: live } });
  });

  test('are on the port of the metrics if they are registered beside them', async () => {
    const { probes } = await propose({
      'main.go': mainFile(
        [http, 'flag'],
        'flag.String("telemetry-addr", ":5558", "")\n\tmux.Handle("/metrics", m)\n\tmux.Handle("/healthz", h)\n\thttp.ListenAndServe(":5556", nil)',
      ),
    });
    expect(probes).toMatchObject({ ready: { value: '/healthz' }, port: 5558 });
  });

  const deployment = (image: string, port: string) => `kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: app
          image: ${image}
          ports: [{ name: http, containerPort: 8080 }]
          readinessProbe: { httpGet: { path: /up, port: ${port} } }
          livenessProbe: { exec: { command: [true] } }
`;
  const served = { 'main.go': mainFile([http], 'http.ListenAndServe(":8080", nil)\n\tmux.Handle("/healthz", ok)') };

  test.each([
    ['of a manifest that runs the image', deployment('ghcr.io/acme/shop:v1', 'http'), '/up'],
    ['of a manifest with the port as a number', deployment('shop', '8080'), '/up'],
    ['not of a manifest for another port', deployment('shop', '9999'), '/healthz'],
    ['not of a manifest that runs another image', deployment('redis:7', 'http'), '/healthz'],
    ['not of a template', `{{ x }}\n${deployment('shop', 'http')}`, '/healthz'],
  ])('are those %s', async (_, manifest, ready) => {
    const { probes } = await propose({ ...served, 'deploy/base/shop.yaml': manifest });
    expect(probes).toMatchObject({ ready: { value: ready }, live: { value: '/healthz' } });
  });

  test('are that of HEALTHCHECK', async () => {
    const { probes } = await propose({
      'main.go': mainFile([http], 'http.ListenAndServe(":8080", nil)'),
      Dockerfile: 'FROM alpine\nHEALTHCHECK CMD wget -q -O- http://localhost:8080/status || exit 1\n',
    });
    expect(probes).toMatchObject({ ready: { value: '/status', where: 'Dockerfile:2' }, live: { value: '/status' } });
  });

  test('are asked for where the source has neither probes nor metrics', async () => {
    const { probes, questions } = await withPaths('/orders');
    expect(probes).toBeUndefined();
    expect(questions.map(({ field }) => field)).toEqual(['probes', 'metrics']);
  });
});

describe('cgo', () => {
  const sqlite: CheckoutFiles = { 'main.go': mainFile(['github.com/mattn/go-sqlite3'], '') };

  test('is on for a module that needs it', async () => {
    expect((await propose(sqlite)).cgo).toMatchObject({ where: 'main.go:4 (github.com/mattn/go-sqlite3 needs cgo)' });
  });

  test('is off where the Dockerfile builds without it', async () => {
    expect((await propose({ ...sqlite, Dockerfile: 'FROM golang\nENV CGO_ENABLED=0\n' })).cgo).toBeUndefined();
  });
});

describe('a listener that is not for users', () => {
  const server = (name: string, port: number) =>
    `package main\n\nimport "net/http"\n\nfunc ${name}() *http.Server { return &http.Server{Addr: ":${port}"} }\n`;

  test.each([
    ['its function', { 'servers.go': server('NewPprofServer', 6060) }],
    ['its file', { 'pprof.go': server('listen', 6060) }],
    ['its function, with debug', { 'servers.go': server('startDebug', 6060) }],
  ])('is known by %s', async (_, files) => {
    const { port } = await propose({ 'main.go': mainFile([http], 'http.ListenAndServe(":8081", nil)'), ...files });
    expect(port?.value).toBe(8081);
  });

  test('is for metrics in a file of that name', async () => {
    const found = await propose({
      'main.go': mainFile([http], 'http.ListenAndServe(":8081", nil)'),
      'prometheus.go': server('NewPrometheusServer', 2112),
    });
    expect(found).toMatchObject({ port: { value: 8081 }, metricsPort: { value: 2112 } });
  });

  test('a function that starts both says nothing', async () => {
    const { port } = await propose({ 'main.go': mainFile([], ''), 'run.go': server('serveAPIAndMetrics', 8082) });
    expect(port?.value).toBe(8082);
  });
});

test('a port that only viper names is asked for', async () => {
  const { port, questions } = await propose({
    'main.go': mainFile(['github.com/spf13/viper'], '_ = viper.GetUint("port")'),
    'pprof.go': 'package main\n\nfunc pprof() any { return server{Addr: ":6060"} }\n',
  });
  expect(port).toBeUndefined();
  expect(questions).toContainEqual({
    field: 'port',
    what: 'the port of the requests: the program reads it from the setting port (main.go:9), which has no default',
  });
});

test('the first word of the variable of a flag, the name of the program, is no role', async () => {
  const { port } = await propose({
    'main.go': mainFile([], '_ = cli.IntFlag{Name: "port", Value: 8083, EnvVars: []string{"CACHE_REMOTE_PORT"}}'),
  });
  expect(port?.value).toBe(8083);
});

test('a flag that only begins like an address gets no address', async () => {
  const { arguments: words } = await propose({
    'main.go': mainFile(['flag'], 'flag.Int("listen-limit", 0, "")\n\tflag.Int("port", 0, "")'),
  });
  expect(words.map(({ value }) => value)).toEqual(['--port=8080']);
});

describe('a flag of a command', () => {
  const files = {
    'main.go': mainFile(
      [],
      '_ = &cli.Command{Name: "serve", Flags: []cli.Flag{&cli.StringFlag{Name: "listen-http", Value: ":80"}}}',
    ),
  };

  test('needs the command', async () => {
    const { arguments: words } = await propose(files);
    expect(words.map(({ value }) => value)).toEqual(['serve', '--listen-http=0.0.0.0:8080']);
  });

  test('needs it once, where the Dockerfile has it', async () => {
    const { arguments: words } = await propose({
      ...files,
      Dockerfile: 'FROM scratch\nENTRYPOINT ["/shop"]\nCMD ["serve"]\n',
    });
    expect(words.map(({ value }) => value)).toEqual(['serve', '--listen-http=0.0.0.0:8080']);
  });
});

describe('a configuration that the command names', () => {
  const configured = (text: string, entrypoint: string) => ({
    'main.go': mainFile(['flag'], 'flag.String("http-addr", "", "")'),
    'config.yaml': text,
    Dockerfile: `FROM scratch\nCOPY config.yaml /etc/shop/config.yaml\nENTRYPOINT ${entrypoint}\nCMD ["/shop", "serve", "/etc/shop/config.yaml"]\n`,
  });

  test('is asked for where it is a template that an entrypoint fills', async () => {
    const found = await propose(configured('web:\n  http: {{ getenv "ADDR" "0.0.0.0:5556" }}\n', '["/fill"]'));
    expect(found.files).toEqual([]);
    expect(found.questions).toContainEqual({
      field: 'args',
      what: expect.stringMatching(/serve \/app\/config\.yaml, and config\.yaml .* is a template .* --http-addr=/),
    });
    const header = {
      ...{ name: 'shop', team: 'store', schema: 's', requestsPerSecond: '1', directory: '.' },
      branch: { value: 'main', where: 'git' },
    };
    const { text, open } = renderService(header, found);
    expect(text.split('\n')[(open.find(({ field }) => field === 'args')?.line ?? 0) - 1]).toMatch(/^args: "TODO: /);
    expect(renderService(header, found, 'valid').text).not.toContain('TODO');
  });

  test('is kept where it has templates of the program in its texts', async () => {
    const found = await propose(configured('message: "{{ .Alert }}"\nhttp: 0.0.0.0:5556\n', '["/fill"]'));
    expect(found).toMatchObject({
      files: [{ value: 'config.yaml' }],
      port: { value: 5556 },
      questions: expect.not.arrayContaining([expect.objectContaining({ field: 'args' })]),
    });
  });
});

describe('the path /status', () => {
  const statements = ['http.Handle("/metrics", nil)', 'http.ListenAndServe(":8080", nil)'];

  test('is a better probe than the metrics, where it is registered', async () => {
    const { probes } = await propose({
      'main.go': mainFile([http], ['http.HandleFunc("/status", ok)', ...statements].join('\n\t')),
    });
    expect(probes).toMatchObject({ ready: { value: '/status' }, live: { value: '/status' } });
  });

  test('is no probe beside one with a usual name, below other paths, or where it is only named', async () => {
    const probesOf = async (...more: readonly string[]) =>
      (await propose({ 'main.go': mainFile([http], [...more, ...statements].join('\n\t')) })).probes?.ready.value;
    expect(await probesOf('http.HandleFunc("/status", ok)', 'http.HandleFunc("/healthz", ok)')).toBe('/healthz');
    expect(await probesOf('http.HandleFunc("/api/v1/status", ok)')).toBe('/metrics');
    expect(await probesOf('use("/status")')).toBe('/metrics');
  });
});

test('a syntax error is named with its line where the program is missing for it', async () => {
  await expect(propose({ 'main.go': 'package main\n\nfunc main() {\n\tx :=\n}\n' })).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringMatching(/^main\.go:5: .*expected/),
  });
});

test('a listener of another command, and a port that only it asks for, are not those of the program', async () => {
  const command = (name: string, body: string) =>
    `package ${name}\n\nimport (\n\t"net/http"\n\n\t"example.com/acme/shop/env"\n)\n\nfunc Run() {\n${body}\n}\n`;
  const found = await propose({
    'cmd/shop/main.go': mainFile(['example.com/acme/shop/pkg/cmd'], 'cmd.Execute()'),
    'pkg/cmd/commands.go':
      'package cmd\n\nimport (\n\t"example.com/acme/shop/pkg/cmd/agent"\n\t"example.com/acme/shop/pkg/cmd/shop"\n)\n\nfunc Execute() {\n\tshop.Run()\n\tagent.Run()\n}\n',
    'pkg/cmd/shop/shop.go': command(
      'shop',
      '\thttp.HandleFunc("/healthz", ok)\n\thttp.Handle("/metrics", nil)\n\tlisten(env.Port())',
    ),
    'pkg/cmd/agent/agent.go': command(
      'agent',
      '\tmux.HandleFunc("/readyz", ok)\n\tmux.Handle("/metrics", nil)\n\tlisten(env.MetricsPort())',
    ),
    'env/env.go':
      'package env\n\nfunc Port() int { return getInt("API_PORT", 9003) }\n\nfunc MetricsPort() int { return getInt("METRICS_PORT", 9005) }\n',
  });
  expect(found).toMatchObject({ port: { value: 9003 }, probes: { ready: { value: '/healthz' } } });
  expect(found.metricsPort).toBeUndefined();
  expect(found.probes?.port).toBeUndefined();
});

test('a package beside the command that the command uses is one of the program', async () => {
  const { port } = await propose({
    'cmd/shop/main.go': mainFile(['example.com/acme/shop/pkg/cmd/shop'], 'shop.Run()'),
    'pkg/cmd/shop/shop.go':
      'package shop\n\nimport "example.com/acme/shop/pkg/cmd/serve"\n\nfunc Run() { serve.Run() }\n',
    'pkg/cmd/serve/serve.go':
      'package serve\n\nimport "net/http"\n\nfunc Run() { http.ListenAndServe(":8085", nil) }\n',
  });
  expect(port?.value).toBe(8085);
});

test('a probe beside the metrics of one of several listeners is asked for, with its place', async () => {
  const found = await propose({
    'main.go': mainFile(
      [http, 'flag', 'example.com/acme/shop/validation'],
      [
        'flag.String("address", ":8080", "")',
        'flag.String("metrics-listener", ":9911", "")',
        'mux.Handle("/metrics", m)',
      ].join('\n\t'),
    ),
    'validation/validation.go':
      'package validation\n\nfunc handler() {\n\tmux.Handle("/metrics", m)\n\tmux.HandleFunc("/healthz", ok)\n}\n',
  });
  expect(found.probes).toBeUndefined();
  expect(found.questions).toContainEqual({
    field: 'probes',
    what: 'a path that answers 200 when the service is ready: the source registers /healthz (validation/validation.go:5) on one of several listeners, and does not say on which port',
  });
});

test('a program with a syntax error is not replaced by another one', async () => {
  const files = {
    'cmd/shop/main.go': 'package main\n\nfunc main() {\n\tx :=\n}\n',
    'cmd/worker/main.go': mainFile([http], 'http.ListenAndServe(":8080", nil)'),
  };
  await expect(propose(files)).rejects.toMatchObject({ message: expect.stringMatching(/^cmd\/shop\/main\.go:5: /) });
  await expect(propose(files, './cmd/shop')).rejects.toMatchObject({ message: expect.stringMatching(/^cmd\/shop/) });
  expect((await propose(files, './cmd/worker')).port?.value).toBe(8080);
  const { main } = await propose({
    'examples/x/main.go': files['cmd/shop/main.go'],
    'cmd/worker/main.go': files['cmd/worker/main.go'],
  });
  expect(main.value).toBe('./cmd/worker');
});
