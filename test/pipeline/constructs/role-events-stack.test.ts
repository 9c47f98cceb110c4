import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../../../lib/pipeline/rules';
import { accountOf } from '../../iam/account';
import { catalogOf, exampleCatalog, filesOf, resourcesOf, synthesize } from '../synthesize';

const example = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
const bus = 'arn:aws:events:eu-west-1:111111111111:event-bus/default';
const assembly = synthesize({ roleEvents: true });
const stack = assembly.templates.get('acme-role-events')?.Resources ?? {};
const ofType = (type: string) => Object.values(stack).filter(({ Type }) => Type === type);

test('events on our roles go from where IAM has them to the bus of the pipelines, by the pattern of the rule that tells', () => {
  const [rule] = ofType('AWS::Events::Rule');
  const told = resourcesOf(assembly, 'AWS::Events::Rule').filter(
    ({ Properties }) => Properties.Name === 'acme-roles-touched',
  );
  expect(told).toHaveLength(2);
  expect(told[0]?.Properties.EventPattern).toEqual(told[1]?.Properties.EventPattern);
  expect(rule?.Properties.Targets).toEqual([expect.objectContaining({ Arn: bus })]);
});

test('what sends them may do nothing else, and is taken by that rule alone', () => {
  const account = accountOf(assembly);
  const role = account.roles.get('acme-role-events');
  expect(role?.permissions.map(({ actions, resources }) => [actions, resources])).toEqual([
    [['events:PutEvents'], [bus]],
  ]);
  expect(role?.trust[0]?.conditions).toContainEqual({
    operator: 'ArnEquals',
    key: 'aws:SourceArn',
    values: ['arn:aws:events:us-east-1:111111111111:rule/acme-roles-touched'],
  });
});

test('holds to the rules', () => {
  expect(rules.flatMap((rule) => rule.check(stack))).toEqual([]);
});

test.each([
  ['it is not asked for', example, false, 'acme-role-events'],
  ['pipelines are where IAM has its events', example.replaceAll('eu-west-1', 'us-east-1'), true, 'acme-role-events'],
])('no stack is made where %s', (_, platform, roleEvents, name) => {
  const made = synthesize({ parsed: catalogOf({ platform }), roleEvents });
  expect([...made.templates.keys()]).not.toContain(name);
});

test('synth says where nobody is told of changed roles', () => {
  const said = (from: typeof assembly) =>
    [...filesOf(from.directory).keys()].some((file) =>
      readFileSync(join(from.directory, file), 'utf8').includes('changes of roles are told once'),
    );
  expect(said(synthesize())).toBe(true);
  expect(said(assembly)).toBe(false);
});
