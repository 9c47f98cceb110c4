#!/usr/bin/env node
// The command line in a checkout: straight from its sources. The package and the pipeline run the bundle, dist/bowline/bowline.mjs.
import 'tsx/cjs';
import { register } from 'tsx/esm/api';

register();
await import('./bowline.ts');
