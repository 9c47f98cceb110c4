/** What is measured beside Bowline, in a process of its own. `plain <services> <outdir> <program>` */
import { readFileSync } from 'node:fs';
import { measured } from './measure';
import { plainApp } from './plain-app';

const [count = '1', outdir = '', program = ''] = process.argv.slice(2);
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context: Record<string, unknown> };

measured(() => plainApp({ services: Number(count), outdir, program, context }).synth());
