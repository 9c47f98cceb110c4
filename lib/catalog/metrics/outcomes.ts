/** What the values of a status label are: HTTP status codes, or gRPC status codes. */
export type StatusKind = 'http' | 'grpc';

/**
 * Values of a status label, as regular expressions that match a whole value. A request whose value neither matches has no known outcome, so it
 * must not count as a success.
 */
export interface Outcomes {
  readonly successes: string;
  readonly failures: string;
}

/** The names of google.golang.org/grpc/codes in the order of their numbers. */
const grpcCodes = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

/**
 * The codes that OpenTelemetry counts as errors of a server (https://opentelemetry.io/docs/specs/semconv/rpc/grpc/). The others are errors of the
 * client, like 4xx in HTTP.
 */
const grpcFailures: readonly (typeof grpcCodes)[number][] = [
  'Unknown',
  'DeadlineExceeded',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
];

/** The outcomes by kind of status label. `5..` and `[1-4]..` also match the classes 5xx and 2xx. */
export const outcomes: Readonly<Record<StatusKind, Outcomes>> = {
  http: { successes: '[1-4]..', failures: '5..' },
  grpc: {
    successes: spellings(grpcCodes.filter((code) => !grpcFailures.includes(code))),
    failures: spellings(grpcFailures),
  },
};

/** The ways in which libraries write gRPC codes: `DeadlineExceeded` (Go), `DEADLINE_EXCEEDED` (gRPC, OpenTelemetry), and `4` (OpenTelemetry until 1.36). */
function spellings(codes: readonly (typeof grpcCodes)[number][]): string {
  const written = codes.flatMap((code) => {
    const upperCase = code === 'Canceled' ? 'CANCELLED' : code.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase();
    return [...new Set([code, upperCase, String(grpcCodes.indexOf(code))])];
  });
  return written.join('|');
}
