import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { renderer } from '../../charts/render';
import { requireCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../../lib/catalog';
import { releasePath, serializeReleaseFile, servicePath } from '../../lib/ledger';
import { canonicalJson } from '../../lib/values';
import { generatedCatalog, generatedRelease } from '../rendering/catalog';

const environment = 'prod';

/**
 * Fills a bare repository with a ledger: one environment with many services, and one commit per further promotion. Every service has the files of
 * the generated one, under its own name, because rendering all of them would take longer than what is measured.
 */
export async function generateLedger(repository: string, services: number, commits: number): Promise<void> {
  const template = templateService();
  const importer = spawn('git', ['-c', 'core.compression=1', 'fast-import', '--quiet', '--done'], {
    cwd: repository,
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importer, 'close');
  const write = async (text: string) => {
    if (!importer.stdin.write(text)) {
      await once(importer.stdin, 'drain');
    }
  };
  await write('feature done\nreset refs/heads/main\n');
  await write(commitHeader('Publish', 0));
  for (let index = 0; index < services; index++) {
    for (const [path, text] of filesOf(template, index, 'first')) {
      await write(fileCommand(path, text));
    }
  }
  for (let commit = 1; commit < commits; commit++) {
    const index = (commit * 7919) % services;
    await write(commitHeader(`Promote ${serviceName(index)}`, commit));
    for (const [path, text] of filesOf(template, index, `release ${commit}`)) {
      if (path.startsWith('releases/') || path.endsWith('/deployment.yaml')) {
        await write(fileCommand(path, text));
      }
    }
  }
  importer.stdin.end('done\n');
  const [code] = await ended;
  if (code !== 0) {
    throw new Error(`git fast-import ended with ${code}`);
  }
}

export function serviceName(index: number): string {
  return `service-${String(index).padStart(5, '0')}`;
}

function templateService(): ServiceInEnvironment {
  const { platform, services } = generatedCatalog(1);
  const [service] = servicesInEnvironments(requireCatalog(platform, services)).filter(
    (each) => each.environment === environment,
  );
  if (service === undefined) {
    throw new Error(`the generated catalog has no environment ${environment}`);
  }
  return service;
}

/** All files of one service, renamed. `release` makes the image unique. */
function filesOf(
  template: ServiceInEnvironment,
  index: number,
  release: string,
): readonly (readonly [string, string])[] {
  const file = generatedRelease(template.name, environment);
  const name = serviceName(index);
  // The digest of the image, of any service and release.
  const digest = generatedRelease(`${name} ${release}`, environment).image.split('@')[1] ?? '';
  const rename = (text: string) =>
    text.replaceAll(file.image.split('@')[1] ?? '', digest).replaceAll(template.name, name);
  const files = new Map(renderedTemplate(template));
  files.set(servicePath(environment, template.name), canonicalJson(template));
  files.set(releasePath(environment, template.name), serializeReleaseFile(file));
  return [...files].map(([path, text]) => [rename(path), rename(text)] as const);
}

let rendered: ReadonlyMap<string, string> | undefined;
function renderedTemplate(template: ServiceInEnvironment): ReadonlyMap<string, string> {
  rendered ??= renderer.service(template, generatedRelease(template.name, environment));
  return rendered;
}

function commitHeader(subject: string, index: number): string {
  return `commit refs/heads/main\ncommitter Bench <bench@example.com> ${1_760_000_000 + index * 60} +0000\n${data(`${subject}\n`)}`;
}

function fileCommand(path: string, text: string): string {
  return `M 100644 inline ${path}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
