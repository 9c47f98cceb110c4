import type { Resources, Rule } from '../../../lib/pipeline/rules';

/** One resource of the type that a rule is about, under the name `It`. */
export function resource(Type: string, Properties: object, more: object = {}): Resources {
  return { It: { Type, Properties: Properties as Record<string, unknown>, ...more } };
}

/** Tests a rule by examples: what it lets pass, and what it says to the rest. */
export function checkRule(
  rule: Rule,
  examples: {
    readonly passes: Readonly<Record<string, Resources>>;
    readonly finds: Readonly<Record<string, readonly [Resources, string | RegExp]>>;
  },
): void {
  describe(`the rule ${rule.id}`, () => {
    test.each(Object.entries(examples.passes))('lets %s pass', (_, resources) => {
      expect(rule.check(resources)).toEqual([]);
    });
    test.each(Object.entries(examples.finds))('finds %s', (_, [resources, message]) => {
      const findings = rule.check(resources);
      expect(findings.map(({ resource: id }) => id)).toEqual(findings.map(() => 'It'));
      expect(findings.map((finding) => finding.message).join('\n')).toMatch(message);
    });
  });
}
