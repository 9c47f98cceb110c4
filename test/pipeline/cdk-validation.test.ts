import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { featureFlags, program } from './synthesize';

test("the CDK's template validator finds no error", () => {
  const out = mkdtempSync(join(tmpdir(), 'bowline-validated-'));
  try {
    // Without this flag, findings of the default rules are warnings.
    expect(featureFlags()['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
    execFileSync('npx', ['tsx', 'bin/cdk.ts'], {
      cwd: join(__dirname, '..', '..'),
      env: {
        ...process.env,
        CDK_VALIDATION: 'true',
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: JSON.stringify(featureFlags()),
        BOWLINE_PROGRAM: program,
      },
      stdio: 'pipe',
    });
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
