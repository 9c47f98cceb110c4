import { stringify } from 'yaml';
import { type Finding, type Question, toEdit } from './finding';
import type { Proposal } from './propose';

/** What the file says in addition to what the source says. */
export interface ServiceHeader {
  readonly name: string;
  readonly team: string;
  readonly schema: string;
  readonly requestsPerSecond: string;
  readonly repository?: Finding<string> | undefined;
  /** What to ask where the repository is not known. */
  readonly repositoryQuestion?: string | undefined;
  readonly branch: Finding<string>;
  readonly directory: string;
}

/** The text of a catalog file, and the lines that a person has to edit. */
export interface ServiceText {
  readonly text: string;
  readonly open: readonly OpenLine[];
}

export interface OpenLine {
  /** 1-based. */
  readonly line: number;
  readonly field: string;
  readonly what: string;
}

/** The values of open fields: a note that `check catalog` refuses, or valid ones to check the rest of the file with. */
type Placeholders = 'notes' | 'valid';

const validValues = { repository: 'owner/repository', port: 8080, path: '/', duration: 'request_duration_seconds' };

/** Renders the catalog file. Each value has a comment that says where it was found. */
export function renderService(
  header: ServiceHeader,
  proposal: Proposal,
  placeholders: Placeholders = 'notes',
): ServiceText {
  const open: Question[] = [...proposal.questions];
  if (header.repository === undefined) {
    open.unshift({
      field: 'source',
      what: header.repositoryQuestion ?? 'the repository: neither git nor go.mod names it',
    });
  }
  const fill = (field: string, valid: string | number): string | number => {
    const question = open.find((candidate) => candidate.field === field);
    return placeholders === 'valid' || question === undefined ? valid : toEdit(question.what);
  };
  const openArguments = open.find(({ field }) => field === 'args');
  const lines: string[] = [
    `# yaml-language-server: $schema=${header.schema}`,
    `# The service ${header.name}. Comments say where Bowline found a value in the source. "npx bowline check catalog" reports every error.`,
    'version: 1',
    `name: ${header.name}`,
    '# The owner: an Argo CD project, and a label on every object.',
    `team: ${header.team}`,
    ...commented([header.repository?.where, `branch: ${header.branch.where}`], 'source', {
      repository: header.repository?.value ?? fill('source', validValues.repository),
      branch: header.branch.value,
      ...(header.directory === '.' ? {} : { directory: header.directory }),
    }),
    ...buildLines(proposal),
    ...(openArguments !== undefined && placeholders === 'notes'
      ? commented([], 'args', toEdit(openArguments.what))
      : proposal.arguments.length === 0
        ? []
        : commented(
            proposal.arguments.map(({ value, where }) => `${value}: ${where}`),
            'args',
            proposal.arguments.map(({ value }) => value),
          )),
    ...commented([proposal.port?.where], 'port', proposal.port?.value ?? fill('port', validValues.port)),
    ...probeLines(proposal, fill),
    ...metricsLines(proposal, fill),
    '# Expected traffic. It decides how fast a canary gathers enough evidence.',
    `traffic: { requestsPerSecond: ${header.requestsPerSecond} }`,
    '# Connections that the service makes. All others but DNS and traces are denied.',
    '# network: { to: [{ service: other }, { cidr: 10.20.0.0/16, port: 5432 }] }',
    '# Flagger rolls back a canary that exceeds these.',
    'objectives: { errorRate: 1%, p99: 500ms, availability: 99.9% }',
    '# The longest time that a bad release may reach users.',
    'rollback: { budget: 65s }',
    "# Size, settings, secrets and files per environment. The environment's defaults apply otherwise.",
    '# environments:',
    '#   prod: { replicas: 3, settings: { LOG_LEVEL: info } }',
  ];
  return { text: `${lines.join('\n')}\n`, open: placeholders === 'valid' ? [] : locate(lines, open) };
}

function buildLines({ main, cgo, files }: Proposal): readonly string[] {
  return commented([main.where, cgo?.where, ...files.map(({ value, where }) => `${value}: ${where}`)], 'build', {
    main: main.value,
    ...(cgo === undefined ? {} : { cgo: true }),
    ...(files.length === 0 ? {} : { files: files.map(({ value }) => value) }),
  });
}

type Fill = (field: string, valid: string | number) => string | number;

function probeLines({ probes }: Proposal, fill: Fill): readonly string[] {
  if (probes === undefined) {
    const path = fill('probes', validValues.path);
    return [`probes: ${flow({ ready: path, live: path })}`];
  }
  const { ready, live, port } = probes;
  const where = ready.where === live.where ? [ready.where] : [`ready: ${ready.where}`, `live: ${live.where}`];
  return commented(where, 'probes', { ready: ready.value, live: live.value, ...(port === undefined ? {} : { port }) });
}

function metricsLines({ metrics, metricsPort, metricsPath }: Proposal, fill: Fill): readonly string[] {
  const where = [
    ...metrics.where,
    ...(metricsPort === undefined ? [] : [`port: ${metricsPort.where}`]),
    ...(metricsPath === undefined ? [] : [`path: ${metricsPath.where}`]),
  ];
  const isOpen = metrics.preset === undefined && metrics.requests === undefined;
  const names = {
    ...(metrics.preset === undefined ? {} : { preset: metrics.preset }),
    ...(isOpen ? { requests: fill('metrics', 'http_requests_total') } : {}),
    ...(metrics.requests === undefined ? {} : { requests: fill('metrics.requests', metrics.requests) }),
    ...(metrics.preset !== undefined || isOpen
      ? {}
      : { duration: fill('metrics.duration', metrics.duration ?? validValues.duration) }),
    ...(metrics.status === undefined ? {} : { status: metrics.status }),
    ...(metrics.type === undefined ? {} : { type: metrics.type }),
    ...(metricsPort === undefined ? {} : { port: metricsPort.value }),
    ...(metricsPath === undefined ? {} : { path: metricsPath.value }),
  };
  const help = isOpen
    ? [
        'a release is judged by its failed requests and by its latency: count requests with their status code, and observe their duration in a histogram,',
        'such as promhttp.InstrumentHandlerCounter and promhttp.InstrumentHandlerDuration of client_golang. Then write metrics: client_golang',
      ]
    : [];
  const keys = Object.keys(names);
  return commented(
    [...where, ...help],
    'metrics',
    keys.length === 1 && metrics.preset !== undefined ? metrics.preset : names,
  );
}

function commented(comments: readonly (string | undefined)[], key: string, value: unknown): readonly string[] {
  return [
    ...comments.filter((comment) => comment !== undefined).map((comment) => `# ${comment}`),
    `${key}: ${flow(value)}`,
  ];
}

function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: true, lineWidth: 0 }).trimEnd();
}

function locate(lines: readonly string[], questions: readonly Question[]): readonly OpenLine[] {
  return questions.map(({ field, what }) => ({
    line: lines.findIndex((line) => !line.startsWith('#') && line.includes(toEdit(what))) + 1,
    field,
    what,
  }));
}
