import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPipeline } from '../../lib/local/assembly/read-assembly';
import { filesOf, program, synthesize } from './synthesize';

describe('synth', () => {
  test('is reproducible', () => {
    const [first, second] = [0, 1].map(() => filesOf(synthesize().directory));
    expect(second).toEqual(first);
  });

  test('needs no credentials, environment variables or network', () => {
    const scratch = mkdtempSync(join(tmpdir(), 'bowline-synth-'));
    try {
      const root = join(__dirname, '..', '..');
      execFileSync(
        'unshare',
        ['-rn', 'npx', 'cdk', 'synth', '--quiet', '--no-notices', '--output', join(scratch, 'out')],
        {
          cwd: root,
          env: {
            PATH: process.env.PATH,
            HOME: scratch,
            BOWLINE_PROGRAM: program,
            CDK_VALIDATION: 'false',
            CDK_DISABLE_VERSION_CHECK: '1',
          },
          stdio: 'pipe',
        },
      );
      expect([...filesOf(join(scratch, 'out')).keys()]).toEqual(expect.arrayContaining(['manifest.json']));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });

  test('gives an assembly from which the complete pipeline can be read back', () => {
    const pipeline = readPipeline(synthesize().directory, 'acme-hello');
    expect(pipeline.actions.map(({ stage, name, inputs, outputs }) => ({ stage, name, inputs, outputs }))).toEqual([
      { stage: 'Source', name: 'Source', inputs: [], outputs: ['Source'] },
      { stage: 'Source', name: 'Bowline', inputs: [], outputs: ['Bowline'] },
      { stage: 'Source', name: 'Catalog', inputs: [], outputs: ['Catalog'] },
      { stage: 'Build', name: 'Build', inputs: ['Source', 'Bowline', 'Catalog'], outputs: ['Built'] },
      { stage: 'Scan', name: 'Scan', inputs: ['Source', 'Built', 'Bowline', 'Catalog'], outputs: ['Scanned'] },
      {
        stage: 'PromoteDev',
        name: 'SignNonproduction',
        inputs: ['Scanned', 'Bowline', 'Catalog'],
        outputs: ['SignedNonproduction'],
      },
      {
        stage: 'PromoteDev',
        name: 'PromoteDev',
        inputs: ['SignedNonproduction', 'Bowline', 'Catalog'],
        outputs: ['PromotedDev'],
      },
      { stage: 'PromoteProd', name: 'ApproveProd', inputs: [], outputs: [] },
      {
        stage: 'PromoteProd',
        name: 'SignProduction',
        inputs: ['SignedNonproduction', 'Bowline', 'Catalog'],
        outputs: ['SignedProduction'],
      },
      {
        stage: 'PromoteProd',
        name: 'PromoteProd',
        inputs: ['SignedProduction', 'Bowline', 'Catalog'],
        outputs: ['PromotedProd'],
      },
    ]);
    expect([...pipeline.projects.keys()].sort()).toEqual([
      'acme-hello-build',
      'acme-promote',
      'acme-releases',
      'acme-rescan',
      'acme-scan',
      'acme-sign',
      'acme-toolbox',
    ]);
  });
});
