import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const long = readFileSync(join(root, 'docs', 'how-to', 'runbook.md'), 'utf8');
const short = readFileSync(join(root, 'templates', 'platform', 'RUNBOOK.md'), 'utf8');

test('the runbook of a new platform has the steps of docs/how-to/runbook.md, by number and name', () => {
  const steps = [...long.matchAll(/^## ([0-9]+) (.+)$/gm)].map(([, number, title]) => `${number} ${title}`);
  expect(steps.length).toBe(10);
  expect([...short.matchAll(/^([0-9]+)\. \*\*(.+?)\*\*/gm)].map(([, number, title]) => `${number} ${title}`)).toEqual(
    steps,
  );
});

test('every command of the short runbook is in the long one', () => {
  const commands = [...short.matchAll(/^ *((?:npx|aws|git) .+)$/gm)].map(([, command = '']) =>
    command
      .replaceAll('__PLATFORM__', 'acme')
      .replaceAll('__ACCOUNT__', '111111111111')
      .replaceAll('__REGION__', 'eu-west-1'),
  );
  expect(commands.length).toBeGreaterThan(6);
  const known = long.split('\n').map((line) => line.trim());
  expect(commands.filter((command) => !known.includes(command))).toEqual([]);
});
