import { checkEach, type Rule, readMember, toList } from '../rule';

export const anchoredWebhooks: Rule = {
  id: 'anchored-webhooks',
  title:
    'Every group of webhook filters selects events, and authors or a branch, with exact patterns; pull requests from forks wait for a comment',
  why: 'CodeBuild runs a build if any group matches, so the weakest group decides. A pattern without anchors matches every longer name or number, which has let strangers run builds. A filter that excludes values selects no author, and the author of a pull request chooses the name of its head branch.',
  check: checkEach('AWS::CodeBuild::Project', ({ Name, Triggers }) => {
    const groups = toList(readMember(Triggers, 'FilterGroups')).map((group) => toList(group).map(parseFilter));
    if (groups.length === 0) {
      const webhook = readMember(Triggers, 'Webhook');
      return webhook === undefined || webhook === false
        ? []
        : [`${Name} has a webhook without filters: every push and every pull request of anyone runs it`];
    }
    const messages = groups.flatMap((filters, index) => findWeaknesses(filters, `group ${index + 1}`));
    const policy = readMember(Triggers, 'PullRequestBuildPolicy', 'RequiresCommentApproval');
    const buildsPullRequests = groups.some((filters) => selectedEvents(filters).some(isPullRequestEvent));
    if (buildsPullRequests && policy !== 'FORK_PULL_REQUESTS' && policy !== 'ALL_PULL_REQUESTS') {
      messages.push(
        `${Name} builds pull requests from forks without a maintainer's comment (PullRequestBuildPolicy is ${policy ?? 'missing'})`,
      );
    }
    return messages;
  }),
};

interface Filter {
  readonly type: string;
  readonly pattern: string;
  /** Whether the filter selects values that the pattern does not match. */
  readonly excludes: boolean;
}

function parseFilter(filter: unknown): Filter {
  const excludes = readMember(filter, 'ExcludeMatchedPattern');
  return {
    type: String(readMember(filter, 'Type')),
    pattern: String(readMember(filter, 'Pattern')),
    excludes: excludes !== undefined && excludes !== false,
  };
}

function selectedEvents(filters: readonly Filter[]): readonly string[] {
  return filters
    .filter(({ type, excludes }) => type === 'EVENT' && !excludes)
    .flatMap(({ pattern }) => pattern.split(',').map((event) => event.trim()));
}

function isPullRequestEvent(event: string): boolean {
  return event.startsWith('PULL_REQUEST');
}

function findWeaknesses(filters: readonly Filter[], group: string): readonly string[] {
  const events = selectedEvents(filters);
  const selecting = filters.filter(({ type, excludes }) => type !== 'EVENT' && !excludes);
  // The author of a pull request chooses the name of its head branch.
  const branchTypes = events.some(isPullRequestEvent) ? ['BASE_REF'] : ['BASE_REF', 'HEAD_REF'];
  const selectsAuthorOrBranch = selecting.some(({ type, pattern }) => {
    const values = listLiterals(pattern);
    return type === 'ACTOR_ACCOUNT_ID'
      ? values?.every((id) => /^[0-9]+$/.test(id))
      : branchTypes.includes(type) && values !== undefined;
  });
  const messages: string[] = [];
  if (events.length === 0) {
    messages.push(`${group} selects every event`);
  }
  if (!selectsAuthorOrBranch) {
    messages.push(`${group} selects neither authors nor a branch`);
  }
  for (const { type, pattern } of selecting) {
    if (!isExact(pattern)) {
      messages.push(`${type} ${pattern} is not anchored, or has an unescaped dot or an alternative outside of a group`);
    }
  }
  return messages;
}

/** Lists the values that a pattern matches, if it is `^a$`, `^(a|b)$` or `^(?:a|b)$` with literal values. */
function listLiterals(pattern: string): readonly string[] | undefined {
  const body = anchoredBody(pattern) ?? '';
  const group = /^\((?:\?:)?([^()]*)\)$/.exec(body)?.[1];
  const alternatives = group === undefined ? [body] : group.split('|');
  return alternatives.every((text) => /^(?:[A-Za-z0-9_/-]|\\[.+-])+$/.test(text)) ? alternatives : undefined;
}

/** `^…$`, where every dot is escaped or followed by `*`, and alternatives are inside a group. */
function isExact(pattern: string): boolean {
  const body = anchoredBody(pattern)?.replace(/\\./g, '');
  if (body === undefined) {
    return false;
  }
  const outsideOfGroups = body.replace(/\((?:\?:)?[^()]*\)/g, '');
  return !outsideOfGroups.includes('|') && !/\.(?!\*)/.test(body);
}

function anchoredBody(pattern: string): string | undefined {
  return /^\^(.*)\$$/s.exec(pattern)?.[1];
}
