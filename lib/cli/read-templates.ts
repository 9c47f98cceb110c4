import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { badInput } from '../errors';
import type { PermissionsTemplate } from '../pipeline/iam/template-permissions';

/** Reads every template of a synthesized assembly. @throws BowlineError `input` where there is none */
export function readTemplates(directory: string): readonly PermissionsTemplate[] {
  const templates = filesBelow(directory).filter((file) => file.endsWith('.template.json'));
  if (templates.length === 0) {
    throw badInput('input', `no template in ${directory}: "npx cdk synth --quiet" writes templates to cdk.out`);
  }
  return templates.map((file) => JSON.parse(readFileSync(join(directory, file), 'utf8')) as PermissionsTemplate);
}

function filesBelow(directory: string): readonly string[] {
  try {
    return readdirSync(directory, { recursive: true, encoding: 'utf8' }).sort();
  } catch {
    return [];
  }
}
