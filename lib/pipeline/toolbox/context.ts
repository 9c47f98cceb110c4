import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinFiles, pinsDirectory } from '../../tools';
import { ensureContentFolder } from '../assets/content-folder';
import { checkovRequirements, retryScript, toolboxDockerfile, toolboxTools } from './dockerfile';

/** The Docker build context of the toolbox. */
export interface ToolboxContext {
  /** Text of each file by path. */
  readonly files: ReadonlyMap<string, string>;
  /** sha256 over paths and texts. Equal contexts give equal toolboxes. */
  readonly hash: string;
  /** Tag of the image that is built from this context. */
  readonly tag: string;
}

/** Name of the script that builds and pushes the toolbox. The script takes the image reference from the environment. */
export const buildScript = 'build-toolbox.sh';

const script = `#!/usr/bin/env bash
set -Eeuo pipefail
aws ecr get-login-password --region "$AWS_REGION" | docker login --username AWS --password-stdin "\${TOOLBOX_IMAGE%%/*}"
if docker manifest inspect "$TOOLBOX_IMAGE" > manifest.json; then
  echo "the toolbox for these pins already exists"
else
  sh ${retryScript} docker pull --quiet "$(sed -n 's/^FROM //p' Dockerfile | tail -n 1)"
  docker build --provenance=false --tag "$TOOLBOX_IMAGE" .
  sh ${retryScript} docker push "$TOOLBOX_IMAGE"
fi
`;

/** Public archives limit the rate of requests by address, and the jobs of many accounts share addresses. */
const repeat = `#!/bin/sh
# Runs a command up to five times, with waits of 10, 20, 40 and 80 s in between.
wait=10
until "$@"; do
  code=$?
  if [ "$wait" -gt 80 ]; then
    exit "$code"
  fi
  echo "failed with exit code $code: $1; trying again in $wait s" >&2
  sleep "$wait"
  wait=$((wait * 2))
done
`;

/**
 * Collects the pins of all tools into a build context.
 * @param base base image by digest
 * @throws Error if there are no tool pins, as in the bundle that a pipeline runs, which does not build a toolbox
 */
export function toolboxContext(base: string, pins = pinsDirectory()): ToolboxContext {
  if (pins === undefined) {
    throw new Error(
      'found no tool pins beside this program: build the toolbox from a checkout or from the npm package of Bowline',
    );
  }
  const pinPaths = new Set([...toolboxTools.flatMap((tool) => pinFiles(tool, pins)), checkovRequirements]);
  const files = new Map([
    ['Dockerfile', toolboxDockerfile(base)],
    [buildScript, script],
    [retryScript, repeat],
  ]);
  for (const path of [...pinPaths].sort()) {
    files.set(path, readFileSync(join(pins, path), 'utf8'));
  }
  const sum = createHash('sha256');
  for (const [path, text] of files) {
    sum.update(`${path}\0${Buffer.byteLength(text)}\0`).update(text);
  }
  const hash = sum.digest('hex');
  return { files, hash, tag: `pins-${hash.slice(0, 16)}` };
}

/** Writes the context to a folder that is named by its hash, and returns the path. */
export function writeToolboxContext({ files, hash }: ToolboxContext): string {
  const contents = new Map([...files].map(([path, text]) => [path, Buffer.from(text)]));
  return ensureContentFolder({ kind: 'toolbox', hash, files: contents });
}
