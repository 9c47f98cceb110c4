import type { Resources, Rule } from '../../../lib/pipeline/rules';

/** A template with one resource, whose logical ID is `It`. */
export function resource(Type: string, Properties: object, more: object = {}): Resources {
  return { It: { Type, Properties: Properties as Record<string, unknown>, ...more } };
}

/** Tests a rule with examples: resources that pass, and resources with findings and their messages. */
export function checkRule(
  rule: Rule,
  examples: {
    readonly passes: Readonly<Record<string, Resources>>;
    readonly finds: Readonly<Record<string, readonly [Resources, string | RegExp]>>;
  },
): void {
  describe(`the rule ${rule.id}`, () => {
    test.each(Object.entries(examples.passes))('accepts %s', (_, resources) => {
      expect(rule.check(resources)).toEqual([]);
    });
    test.each(Object.entries(examples.finds))('finds %s', (_, [resources, message]) => {
      const findings = rule.check(resources);
      expect(findings.map(({ resource: id }) => id)).toEqual(findings.map(() => 'It'));
      expect(findings.map((finding) => finding.message).join('\n')).toMatch(message);
    });
  });
}
