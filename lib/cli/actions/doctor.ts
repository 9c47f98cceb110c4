import { badInput, exitCodes } from '../../errors';
import { ensureTools, inspectTools, type Purpose, tools } from '../../tools';
import { doctorSummary } from '../doctor-summary';
import { painter, table } from '../terminal';

/** `bowline doctor`: exit 1 where a tool of the release pipeline is missing. */
export async function runDoctor(install: string | undefined, json: boolean): Promise<void> {
  if (install !== undefined) {
    await ensureTools(purposeNamed(install), { progress: (line) => process.stderr.write(`${line}\n`) });
  }
  const states = inspectTools();
  const missing = states.filter((state) => !state.present && state.purposes.includes('demo'));
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: missing.length === 0, node: process.version, tools: states })}\n`);
  } else {
    const paint = painter(process.stdout);
    const rows = states.map((state) => [
      state.present ? 'installed' : 'missing',
      state.name,
      state.version,
      state.present ? (state.path ?? '') : state.source,
    ]);
    for (const [index, line] of table(rows).split('\n').entries()) {
      process.stdout.write(`${states[index]?.present ? line : paint('yellow', line)}\n`);
    }
    process.stdout.write(`\n${doctorSummary(missing)}`);
  }
  process.exitCode = missing.length === 0 ? exitCodes.passed : exitCodes.inconclusive;
}

function purposeNamed(name: string): Purpose {
  const known = [...new Set(tools.flatMap((tool) => tool.purposes))];
  const purpose = known.find((candidate) => candidate === name);
  if (!purpose) {
    throw badInput('input', `unknown purpose ${JSON.stringify(name)}: expected one of ${known.join(', ')}`);
  }
  return purpose;
}
