import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinFiles, pinsDirectory } from '../../tools';
import { ensureContentFolder } from '../assets/content-folder';
import { toolboxDockerfile, toolboxTools, wheels } from './dockerfile';

/** What the toolbox is built from. */
export interface ToolboxContext {
  /** Text by path. */
  readonly files: ReadonlyMap<string, string>;
  /** sha256 over names and texts: one context, one toolbox. */
  readonly hash: string;
  /** Tag of the image that is made from it. */
  readonly tag: string;
}

/** The script of the build. It has no values in it: where to push comes by the environment. */
export const buildScript = 'build-toolbox.sh';

const script = `#!/usr/bin/env bash
set -Eeuo pipefail
aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "\${TOOLBOX_IMAGE%%/*}"
if docker manifest inspect "$TOOLBOX_IMAGE" > manifest.json; then
  echo "the toolbox of these pins is there already"
else
  docker build --provenance=false --tag "$TOOLBOX_IMAGE" .
  docker push "$TOOLBOX_IMAGE"
fi
`;

/** @throws Error where there are no pins: in the bundle that a pipeline runs, which makes no toolbox */
export function toolboxContext(base: string, pins = pinsDirectory()): ToolboxContext {
  if (pins === undefined) {
    throw new Error(
      'there are no pins of tools beside this program: the toolbox is made from a checkout, or from the npm package',
    );
  }
  const pinned = [...new Set([...toolboxTools.flatMap((tool) => pinFiles(tool, pins)), wheels])].sort();
  const files = new Map([
    ['Dockerfile', toolboxDockerfile(base)],
    [buildScript, script],
    ...pinned.map((path): [string, string] => [path, readFileSync(join(pins, path), 'utf8')]),
  ]);
  const hash = [...files]
    .reduce(
      (sum, [path, text]) => sum.update(`${path}\0${Buffer.byteLength(text)}\0`).update(text),
      createHash('sha256'),
    )
    .digest('hex');
  return { files, hash, tag: `pins-${hash.slice(0, 16)}` };
}

/** Lays the context down in a folder of its own, named by what is in it. */
export function writeToolboxContext({ files, hash }: ToolboxContext): string {
  return ensureContentFolder('toolbox', hash, new Map([...files].map(([name, text]) => [name, Buffer.from(text)])));
}
