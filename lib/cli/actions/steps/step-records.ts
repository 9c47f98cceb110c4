import type { Service } from '../../../catalog';
import { badInput } from '../../../errors';
import { logInToRegistries, openModuleAccess, type Reporter, readReleaseFolder } from '../../../steps';
import { digest } from '../../../values';
import { parseFlag, required, type StepOptions } from './step-options';

export function readPreviousRecord(name: string, options: StepOptions) {
  const expected = parseFlag('--record-sha256', () =>
    digest(required(options.recordSha256, '--record-sha256', 'BOWLINE_RECORD_SHA256')),
  );
  const release = readReleaseFolder(required(options.release, '--release', 'BOWLINE_RELEASE'), expected);
  if (release.service !== name) {
    throw badInput('other-service', `the record belongs to ${release.service}, not to ${name}`);
  }
  return release;
}

export function printResult(options: StepOptions, release: unknown, recordSha256: string, more: object = {}): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: true, recordSha256, ...more, release })}\n`);
  }
}

/** @param references images or repositories, each with its host in front */
export function logInTo(...references: readonly (string | undefined)[]): void {
  logInToRegistries(
    references.flatMap((reference) => reference?.split('/')[0] ?? []),
    process.env,
  );
}

export function openModules(service: Service, options: StepOptions, reporter: Reporter) {
  return openModuleAccess({
    service,
    from: options.moduleCredential ?? 'secret',
    aws: async () => (await import('../../job-aws')).jobAws(),
    now: new Date(),
    reporter,
  });
}
