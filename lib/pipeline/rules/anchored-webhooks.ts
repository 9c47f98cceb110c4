import { forEach, list, member, type Rule } from './rule';

export const anchoredWebhooks: Rule = {
  id: 'anchored-webhooks',
  title: 'Every group of webhook filters names event and author or branch, by anchored patterns',
  why: 'Groups are alternatives, so that the weakest decides; and a pattern that is not anchored matches every longer name or number: so strangers came to run builds elsewhere.',
  check: forEach('AWS::CodeBuild::Project', ({ Triggers }) =>
    list(member(Triggers, 'FilterGroups')).flatMap((group, index) => {
      const filters = list(group).map((filter) => ({
        type: String(member(filter, 'Type')),
        pattern: String(member(filter, 'Pattern')),
      }));
      const types = filters.map(({ type }) => type);
      return [
        ...(types.includes('EVENT') ? [] : [`group ${index + 1} takes every event`]),
        ...(types.some((type) => ['ACTOR_ACCOUNT_ID', 'BASE_REF', 'HEAD_REF'].includes(type))
          ? []
          : [`group ${index + 1} names neither author nor branch`]),
        ...filters
          .filter(({ type, pattern }) => type !== 'EVENT' && !isExact(pattern))
          .map(({ type, pattern }) => `${type} ${pattern} is not anchored, or leaves a dot or an alternative open`),
      ];
    }),
  ),
};

/** `^…$`, with every dot escaped or followed by `*`, and alternatives inside a group. */
function isExact(pattern: string): boolean {
  const body = /^\^(.*)\$$/s.exec(pattern)?.[1];
  if (body === undefined) {
    return false;
  }
  const outside = body.replace(/\\./g, '').replace(/\((?:\?:)?[^()]*\)/g, '');
  return !outside.includes('|') && !/\.(?!\*)/.test(body.replace(/\\./g, ''));
}
