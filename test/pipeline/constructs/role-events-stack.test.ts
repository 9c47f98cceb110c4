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

test('IAM events about roles are forwarded to the region of the pipelines, with the pattern of the rule that reports them', () => {
  const [rule] = ofType('AWS::Events::Rule');
  const tamperRules = resourcesOf(assembly, 'AWS::Events::Rule').filter(
    ({ Properties }) => Properties.Name === 'acme-roles-tampered',
  );
  expect(tamperRules).toHaveLength(2);
  expect(tamperRules[0]?.Properties.EventPattern).toEqual(tamperRules[1]?.Properties.EventPattern);
  expect(rule?.Properties.Targets).toEqual([expect.objectContaining({ Arn: bus })]);
});

test('the forwarding role can do nothing else', () => {
  const account = accountOf(assembly);
  const role = account.roles.get('acme-role-events');
  expect(role?.permissions.map(({ actions, resources }) => [actions, resources])).toEqual([
    [['events:PutEvents'], [bus]],
  ]);
});

test('the stack satisfies the rules', () => {
  expect(rules.flatMap((rule) => rule.check(stack))).toEqual([]);
});

test.each([
  ['it is disabled', example, false, 'acme-role-events'],
  [
    'the pipelines are in the region where IAM delivers its events',
    example.replaceAll('eu-west-1', 'us-east-1'),
    true,
    'acme-role-events',
  ],
])('there is no stack if %s', (_, platform, roleEvents, name) => {
  const { templates } = synthesize({ parsed: catalogOf({ platform }), roleEvents });
  expect([...templates.keys()]).not.toContain(name);
});

test('synth reports that changes of roles are not reported', () => {
  const hasMessage = (from: typeof assembly) =>
    [...filesOf(from.directory).keys()].some((file) =>
      readFileSync(join(from.directory, file), 'utf8').includes('changes of roles are not reported'),
    );
  expect(hasMessage(synthesize())).toBe(true);
  expect(hasMessage(assembly)).toBe(false);
});
