import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toolPath } from '../../lib/tools';

const root = join(__dirname, '..', '..');

const pages = [
  'templates/platform/RUNBOOK.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** A call of the AWS command line: `aws ecr describe-images --repository-name x`. */
interface Call {
  readonly place: string;
  readonly service: string;
  readonly operation: string;
  readonly options: readonly string[];
}

/** Options of the command line itself, not of an operation. */
const globalOptions = ['query', 'output', 'region', 'profile', 'max-items', 'starting-token', 'page-size'];

function callsIn(page: string): readonly Call[] {
  const text = readFileSync(join(root, page), 'utf8').replaceAll('\\\n', ' ');
  return (
    [...text.matchAll(/\baws ((?!s3 |configure)[a-z0-9-]+) ([a-z][a-z-]+)([^\n`|]*)/g)]
      // Not calls of an operation, but additions of the command line.
      .filter(([, , operation = '']) => !['get-login-password', 'credential-helper'].includes(operation))
      .map(({ 1: service = '', 2: operation = '', 3: rest = '', index }) => ({
        place: `${page}:${text.slice(0, index).split('\n').length}`,
        service,
        operation,
        options: [...rest.replace(/"[^"]*"|'[^']*'/g, 'x').matchAll(/(?<= )--([a-z0-9-]+)/g)].map(
          ([, name]) => name ?? '',
        ),
      }))
  );
}

const calls = pages.flatMap(callsIn);

/** Finds what no operation of a service accepts, with the models of botocore, as the command line does. */
const checker = `
import json, sys
import botocore.session
from botocore import xform_name
session = botocore.session.get_session()
problems = []
for call in json.load(sys.stdin):
    try:
        model = session.get_service_model(call["service"])
    except Exception as error:
        problems.append([call["place"], f"no service {call['service']}"])
        continue
    names = {xform_name(name, "-"): name for name in model.operation_names}
    if call["operation"] not in names:
        problems.append([call["place"], f"{call['service']} has no operation {call['operation']}"])
        continue
    shape = model.operation_model(names[call["operation"]]).input_shape
    members = [xform_name(name, "-") for name in (shape.members if shape else {})]
    required = [xform_name(name, "-") for name in (shape.required_members if shape else [])]
    for option in call["options"]:
        if option not in members and option.removeprefix("no-") not in members and option not in call["global"]:
            problems.append([call["place"], f"{call['operation']} has no option --{option}"])
    for name in required:
        # A sentence can name a command without its options.
        if call["options"] and name not in call["options"]:
            problems.append([call["place"], f"{call['operation']} requires --{name}"])
print(json.dumps(problems))
`;

test('every call of the AWS command line in a page names an operation, its options, and all that it requires', () => {
  expect(calls.filter(({ place }) => place.startsWith('docs/first-hour-on-aws.md')).length).toBeGreaterThan(10);
  // The environment of checkov contains botocore.
  const { stdout, stderr } = spawnSync(join(dirname(toolPath('checkov')), 'python3'), ['-c', checker], {
    input: JSON.stringify(calls.map((call) => ({ ...call, global: globalOptions }))),
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual([]);
});
