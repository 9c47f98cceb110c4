import { exitCodes } from '../../steps/step-error';
import { ensureTools, inspectTools, type Purpose, tools } from '../../tools';
import { doctorSummary } from '../doctor-summary';
import { InputError } from '../fail';
import { painter, table } from '../terminal';

/** `bowline doctor`: exit 1 when something that the road needs is missing. */
export async function runDoctor(install: string | undefined, json: boolean): Promise<void> {
  if (install !== undefined) {
    await ensureTools(purposeNamed(install), { progress: (line) => process.stderr.write(`${line}\n`) });
  }
  const states = inspectTools();
  const lacking = states.filter((state) => !state.present && state.purposes.includes('road'));
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: lacking.length === 0, node: process.version, tools: states })}\n`);
  } else {
    const paint = painter(process.stdout);
    const rows = states.map((state) => [
      state.present ? 'there' : 'missing',
      state.name,
      state.version,
      state.present ? (state.path ?? '') : state.source,
    ]);
    for (const [index, line] of table(rows).split('\n').entries()) {
      process.stdout.write(`${states[index]?.present ? line : paint('yellow', line)}\n`);
    }
    process.stdout.write(`\n${doctorSummary(lacking)}`);
  }
  process.exitCode = lacking.length === 0 ? exitCodes.passed : exitCodes.unreliable;
}

function purposeNamed(name: string): Purpose {
  const known = [...new Set(tools.flatMap((tool) => tool.purposes))];
  const purpose = known.find((candidate) => candidate === name);
  if (!purpose) {
    throw new InputError(`there is no purpose ${JSON.stringify(name)}: one of ${known.join(', ')}`);
  }
  return purpose;
}
