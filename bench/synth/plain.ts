/** A measured process of bench/synth.ts: synthesizes the app for comparison. Arguments: <services> <outdir> <program>. */
import { readFileSync } from 'node:fs';
import { measureSynth } from './measure';
import { plainApp } from './plain-app';

const [count = '1', outdir = '', program = ''] = process.argv.slice(2);
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context: Record<string, unknown> };

measureSynth(() => plainApp({ services: Number(count), outdir, program, context }).synth());
