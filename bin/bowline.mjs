#!/usr/bin/env node
// The command line: runs the sources in a checkout, and the compiled files in the npm package. A pipeline runs the bundle, dist/bowline/bowline.mjs.
import { existsSync } from 'node:fs';

if (existsSync(new URL('./bowline.ts', import.meta.url))) {
  if (!existsSync(new URL('../node_modules/tsx', import.meta.url))) {
    process.stderr.write('bowline: the npm packages of this checkout are not installed: run "npm run setup"\n');
    process.exit(1);
  }
  await import('tsx/cjs');
  const { register } = await import('tsx/esm/api');
  register();
  await import('./bowline.ts');
} else {
  await import('../dist/package/bin/bowline.js');
}
