import { forEach, list, member, type Rule } from './rule';

export const anchoredWebhooks: Rule = {
  id: 'anchored-webhooks',
  title:
    'Every group of webhook filters names events and authors or branch, by exact patterns, and forks wait for a comment',
  why: 'Groups are alternatives, so that the weakest decides; and a pattern that is not anchored matches every longer name or number: so strangers came to run builds elsewhere. What a filter excludes names nobody, and a pull request chooses the name of its own branch.',
  check: forEach('AWS::CodeBuild::Project', ({ Name, Triggers }) => {
    const groups = list(member(Triggers, 'FilterGroups'));
    if (groups.length === 0) {
      const webhook = member(Triggers, 'Webhook');
      return webhook === undefined || webhook === false
        ? []
        : [`${Name} has a webhook without filters: every push and every pull request of anybody runs it`];
    }
    const policy = member(Triggers, 'PullRequestBuildPolicy', 'RequiresCommentApproval');
    const ofPullRequests = groups.some((group) => eventsOf(list(group).map(filterOf)).some(isOfPullRequests));
    return [
      ...groups.flatMap((group, index) => weaknesses(list(group).map(filterOf), `group ${index + 1}`)),
      ...(ofPullRequests && policy !== 'FORK_PULL_REQUESTS' && policy !== 'ALL_PULL_REQUESTS'
        ? [
            `${Name} builds pull requests of forks without a maintainer's comment (PullRequestBuildPolicy is ${policy ?? 'missing'})`,
          ]
        : []),
    ];
  }),
};

interface Filter {
  readonly type: string;
  readonly pattern: string;
  /** Takes what the pattern does not match. */
  readonly excludes: boolean;
}

function filterOf(filter: unknown): Filter {
  return {
    type: String(member(filter, 'Type')),
    pattern: String(member(filter, 'Pattern')),
    excludes:
      member(filter, 'ExcludeMatchedPattern') !== undefined && member(filter, 'ExcludeMatchedPattern') !== false,
  };
}

function eventsOf(filters: readonly Filter[]): readonly string[] {
  return filters
    .filter(({ type, excludes }) => type === 'EVENT' && !excludes)
    .flatMap(({ pattern }) => pattern.split(',').map((event) => event.trim()));
}

function isOfPullRequests(event: string): boolean {
  return event.startsWith('PULL_REQUEST');
}

function weaknesses(filters: readonly Filter[], group: string): readonly string[] {
  const events = eventsOf(filters);
  const including = filters.filter(({ type, excludes }) => type !== 'EVENT' && !excludes);
  // Whoever opens a pull request names the branch that it comes from.
  const branches = events.some(isOfPullRequests) ? ['BASE_REF'] : ['BASE_REF', 'HEAD_REF'];
  const names = including.some(
    ({ type, pattern }) =>
      (type === 'ACTOR_ACCOUNT_ID' && literalsOf(pattern)?.every((id) => /^[0-9]+$/.test(id))) ||
      (branches.includes(type) && literalsOf(pattern) !== undefined),
  );
  return [
    ...(events.length > 0 ? [] : [`${group} takes every event`]),
    ...(names ? [] : [`${group} names neither author nor branch`]),
    ...including
      .filter(({ pattern }) => !isExact(pattern))
      .map(({ type, pattern }) => `${type} ${pattern} is not anchored, or leaves a dot or an alternative open`),
  ];
}

/** What a pattern stands for, where that is a list: `^a$`, `^(a|b)$` or `^(?:a|b)$` without anything that takes more than itself. */
function literalsOf(pattern: string): readonly string[] | undefined {
  const body = /^\^(.*)\$$/s.exec(pattern)?.[1] ?? '';
  const inside = /^\((?:\?:)?([^()]*)\)$/.exec(body)?.[1];
  const alternatives = inside === undefined ? [body] : inside.split('|');
  return alternatives.every((text) => /^(?:[A-Za-z0-9_/-]|\\[.+-])+$/.test(text)) ? alternatives : undefined;
}

/** `^…$`, with every dot escaped or followed by `*`, and alternatives inside a group. */
function isExact(pattern: string): boolean {
  const body = /^\^(.*)\$$/s.exec(pattern)?.[1];
  if (body === undefined) {
    return false;
  }
  const outside = body.replace(/\\./g, '').replace(/\((?:\?:)?[^()]*\)/g, '');
  return !outside.includes('|') && !/\.(?!\*)/.test(body.replace(/\\./g, ''));
}
