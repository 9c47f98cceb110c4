import type { Answer } from './start-report';

/** What a first start can find. The first five reject a release, or warn where the service needs something from outside. */
export type StartCode =
  | 'program-unstartable'
  | 'exits-at-start'
  | 'port-closed'
  | 'probe-fails'
  | 'metrics-missing'
  | 'request-fails'
  | 'writes-outside-tmp'
  | 'ignores-sigterm';

/** The findings that can reject a release. */
export type StartRejectionCode = Extract<
  StartCode,
  'program-unstartable' | 'exits-at-start' | 'port-closed' | 'probe-fails' | 'metrics-missing'
>;

/** One finding. The message is part of the release record: the same image gives the same words, so it has no times and no output of the program. */
export interface StartFinding<Code extends StartCode = StartCode> {
  readonly code: Code;
  readonly message: string;
}

export function describeAnswer({ port, path, status, error }: Answer): string {
  return `GET ${path} on port ${port} ${status === undefined ? `has no answer (${error ?? 'unknown'})` : `answers ${status}`}`;
}
