import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { checkObjects, type ReportedFinding } from '../../../charts/rules/check-objects';
import { isHelmTemplate } from '../../../charts/rules/manifests/helm-template';
import { decodeManifest } from '../../../charts/rules/manifests/manifest-text';
import { type ParsedFile, parseObjects } from '../../../charts/rules/manifests/objects';
import { rules } from '../../../charts/rules/rules';
import { renderSarif } from '../../../charts/rules/sarif';
import { badInput, exitCodes } from '../../errors';
import { writeFileAtomic } from '../../process';
import { counted, painter } from '../terminal';
import { version } from '../version';
import { findKustomizeParts } from './kustomize-patches';

/** Options of `bowline check manifests`. */
export interface CheckManifestsOptions {
  readonly json: boolean;
  readonly sarif?: string;
}

/** `bowline check manifests <path>`: Flagger, Argo CD and Prometheus manifests against the rules of progressive delivery. @throws BowlineError `input` */
export function runCheckManifests(directory: string, options: CheckManifestsOptions): void {
  const files = manifestFiles(directory);
  const parts = findKustomizeParts(files);
  const patches = files.filter((file) => parts.has(file));
  const parsed = files.filter((file) => !parts.has(file)).map(readManifest);
  const objects = parsed.flatMap((file) => file.objects);
  const findings = checkObjects(objects, rules);
  const open = findings.filter(({ accepted }) => accepted === undefined);
  const unreadable = parsed.flatMap((file) => file.unreadable);
  const templates = parsed.filter(({ template }) => template).map(({ file }) => file);
  const notJudged = objects
    .filter(({ apiVersion, kind }) => kind === 'Rollout' && apiVersion.startsWith('argoproj.io/'))
    .map(({ file, kind, namespace, name }) => ({ file, kind, namespace, name }));
  const errors = open.filter(({ level }) => level === 'error').length;
  if (options.sarif !== undefined) {
    writeFileAtomic(options.sarif, `${JSON.stringify(renderSarif(findings, rules, version()), null, 2)}\n`);
  }
  if (options.json) {
    const answer = { ok: errors === 0 && unreadable.length === 0, files: files.length, objects: objects.length };
    process.stdout.write(`${JSON.stringify({ ...answer, findings, unreadable, templates, patches, notJudged })}\n`);
  }
  const paint = painter(process.stderr);
  const lines = [
    ...unreadable.map(
      ({ file, place, reason }) => `${file}:${place.line}:${place.column}: ${paint('red', 'unreadable')} ${reason}`,
    ),
    ...findings.map((finding) => describe(finding, paint)),
    ...skipped(templates, 'Helm template', 'not YAML until rendered: helm template').map((line) => paint('dim', line)),
    ...skipped(patches, 'Kustomize patch or component file', 'parts of objects until built: kubectl kustomize').map(
      (line) => paint('dim', line),
    ),
    ...(notJudged.length === 0
      ? []
      : [
          paint(
            'dim',
            `not judged: ${counted(notJudged.length, 'Rollout')} of Argo Rollouts (${examples(notJudged.map(({ file }) => file))}), the rules know Canaries of Flagger only`,
          ),
        ]),
    paint(
      errors > 0 || unreadable.length > 0 ? 'red' : 'bold',
      `${directory}: ${counted(objects.length, 'object')} in ${counted(files.length, 'file')}: ${counted(errors, 'error')}, ${counted(open.length - errors, 'warning')}${findings.length > open.length ? `, ${findings.length - open.length} accepted` : ''}${unreadable.length > 0 ? `, ${unreadable.length} unreadable` : ''}`,
    ),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exitCode = exitCodeOf(unreadable, errors);
}

/** A file that is no YAML file is wrong input. One that cannot be parsed leaves open what the rules would say. */
function exitCodeOf(unreadable: ParsedFile['unreadable'], errors: number): number {
  if (unreadable.some(({ notYaml }) => notYaml)) {
    return exitCodes.badInput;
  }
  if (unreadable.length > 0) {
    return exitCodes.inconclusive;
  }
  return errors > 0 ? exitCodes.rejected : 0;
}

/** One line about files that are not checked as they are, or none. */
function skipped(files: readonly string[], noun: string, reason: string): readonly string[] {
  return files.length === 0 ? [] : [`skipped: ${counted(files.length, noun)}, ${reason} (${examples(files)})`];
}

function examples(files: readonly string[]): string {
  return `${files[0]}${files.length > 1 ? ', …' : ''}`;
}

interface ReadManifest extends ParsedFile {
  readonly file: string;
  readonly template: boolean;
}

function readManifest(file: string): ReadManifest {
  const decoded = decodeManifest(readFileSync(file));
  if (!decoded.ok) {
    const unreadable = { file, place: { line: 1, column: 1 }, reason: decoded.reason, notYaml: true } as const;
    return { file, template: false, objects: [], unreadable: [unreadable] };
  }
  const { text } = decoded;
  const { objects, unreadable } = parseObjects(file, text);
  // A template of a chart can be valid YAML too, and `{{ … }}` is a map then.
  const template = isInChart(file)
    ? unreadable.length > 0 || text.includes('{{')
    : unreadable.length > 0 && isHelmTemplate(text);
  // No part of a template is what it renders to.
  return template ? { file, template, objects: [], unreadable: [] } : { file, template, objects, unreadable };
}

/** Whether a file is a template of a Helm chart: it is below a folder `templates` that has `Chart.yaml` beside it. */
function isInChart(file: string): boolean {
  const folders = resolve(file).split(sep);
  return folders.some(
    (folder, index) => folder === 'templates' && existsSync([...folders.slice(0, index), 'Chart.yaml'].join(sep)),
  );
}

/** YAML files below a folder, or the file itself, without hidden folders and node_modules. */
function manifestFiles(path: string): readonly string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw badInput('input', `no such file or folder: ${path}`);
  }
  if (found.isFile()) {
    return [path];
  }
  if (!found.isDirectory()) {
    throw badInput('input', `${path} is neither a file nor a folder`);
  }
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(?:^|\/)(?:\.[^./][^/]*|node_modules)\//.test(relative(path, file)))
    .sort();
  if (files.length === 0) {
    throw badInput('input', `no YAML file below ${path}`);
  }
  return files;
}

function describe(
  { rule, level, file, place, object, field, message, accepted }: ReportedFinding,
  paint: ReturnType<typeof painter>,
) {
  const where = `${file}:${place.line}:${place.column}:`;
  return accepted === undefined
    ? `${where} ${paint(level === 'error' ? 'red' : 'yellow', level)} ${rule} ${object}: ${field}: ${message}`
    : `${where} ${paint('dim', 'accepted')} ${rule} ${object}: ${accepted}`;
}
