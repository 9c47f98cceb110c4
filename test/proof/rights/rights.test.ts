import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../../lib/catalog';
import { boundaryPolicy } from '../../../lib/pipeline';
import { type Account, accountOf } from '../../iam/account';
import { evaluate, matchesIamPattern } from '../../iam/evaluate';
import { parsePolicy } from '../../iam/policy';
import { onCodeCommit, onGitHub } from '../../pipeline/rich-platforms';
import { type Assembly, resourcesOf, synthesize } from '../../pipeline/synthesize';
import { requestContext } from '../judge/judge';
import { secondOpinion } from '../judge/second-opinion';
import { serviceCalls } from '../services/service-calls';
import { generalize, type RightUse, rightsOf, specialize, type Use, usesOf } from './rights';
import { type ExplainedRight, renderReasons, renderRights, renderServiceCalls } from './rights-page';
import { unusedRights } from './unused-rights';

const account = '111111111111';
const services = ['hello', 'orders'];
const recordedFile = join(__dirname, 'recorded-calls.json');
const page = join(__dirname, '..', '..', '..', 'docs', 'reference', 'permissions-in-use.md');

/** The calls that `npm run aws:test` has recorded. */
const recorded: readonly Use[] = existsSync(recordedFile)
  ? (JSON.parse(readFileSync(recordedFile, 'utf8')) as readonly Use[])
  : [];

const platforms = { github: onGitHub, codecommit: onCodeCommit };
const assemblies = Object.entries(platforms).map(([name, props]) => [name, synthesize(props)] as const);
/** The boundaries that the roles of these platforms have. */
const boundaries = new Map(
  Object.entries(platforms).map(([name, { parsed, pullRequests }]) => [
    name,
    parsePolicy(boundaryPolicy((parsed as Catalog).platform, pullRequests?.connection)),
  ]),
);

/** The recorded calls, as the service of an assembly makes them that has binaries, like the recorded one. */
function recordedFor({ roles, keys }: Account): readonly Use[] {
  return recorded
    .map((use) => specialize(use, 'hello'))
    .filter(({ role }) => roles.has(role))
    .map((use) => {
      const [alias = ''] = (use.context?.['kms:ResourceAliases'] ?? '').split(',');
      return { ...use, resource: keys.get(alias) ?? use.resource };
    });
}

describe.each(assemblies)('in the platform %s', (name, assembly) => {
  const deployed = accountOf(assembly);

  test('every call that a service of AWS makes by itself is allowed, also by the second opinion', async () => {
    const calls = serviceCalls(assembly);
    expect(calls.length).toBeGreaterThan(300);
    const documents = documentsOf(assembly);
    for (const { role, action, resource, context = {} } of calls) {
      const call = [role, action, resource];
      expect([...call, deployed.may(role, action, resource, context)]).toEqual([...call, 'allowed']);
      const opinion = secondOpinion({
        role: `arn:aws:iam::${account}:role/${role}`,
        action,
        resource: action.startsWith('codestar-connections:')
          ? resource.replace(':codeconnections:', ':codestar-connections:')
          : resource,
        context: { ...requestContext(account), ...context },
        documents: { identity: asCodestar(action, documents.get(role) ?? {}) },
      });
      expect([...call, await opinion]).toEqual([...call, 'allowed']);
    }
  });

  test('the permissions boundary allows each of these calls', () => {
    const identity = boundaries.get(name) ?? [];
    for (const { role, action, resource, context = {} } of [...serviceCalls(assembly), ...recordedFor(deployed)]) {
      const request = { principal: `arn:aws:iam::${account}:role/${role}`, action, resource };
      const decision = evaluate({ ...request, context: { ...requestContext(account), ...context } }, { identity });
      expect([role, action, resource, decision]).toEqual([role, action, resource, 'allowed']);
    }
  });

  test('every call that a job has made in a deployed run is still allowed', () => {
    const calls = recordedFor(deployed);
    expect(calls.length).toBeGreaterThan(20);
    for (const { role, action, resource, context } of calls) {
      const call = [role, action, resource];
      expect([...call, deployed.may(role, action, resource, context)]).toEqual([...call, 'allowed']);
    }
  });
});

/** The simulator wants the name of the service in the ARN; AWS accepts both names. */
function asCodestar(action: string, documents: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return action.startsWith('codestar-connections:')
    ? (JSON.parse(JSON.stringify(documents).replaceAll(':codeconnections:', ':codestar-connections:')) as Record<
        string,
        unknown
      >)
    : documents;
}

function documentsOf(assembly: Assembly): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(
    resourcesOf(assembly, 'AWS::IAM::Role').map(({ Properties }) => [
      String(Properties.RoleName),
      Object.fromEntries(
        (Properties.Policies as readonly { readonly PolicyName: string; readonly PolicyDocument: unknown }[]).map(
          ({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument],
        ),
      ),
    ]),
  );
}

/** The rights of all platforms, with their strongest use. */
function allRights(): readonly ExplainedRight[] {
  const strength = ['unused', 'by a service', 'called'];
  const byText = new Map<string, RightUse>();
  for (const [, assembly] of assemblies) {
    const deployed = accountOf(assembly);
    for (const right of usesOf(rightsOf(deployed.roles), recordedFor(deployed), serviceCalls(assembly))) {
      const general = { ...right, ...generalize(right, services) };
      const text = [general.role, general.id, general.action, general.resource].join(' ');
      const known = byText.get(text);
      if (known === undefined || strength.indexOf(known.use) < strength.indexOf(general.use)) {
        byText.set(text, general);
      }
    }
  }
  return [...byText.values()].map((right) => ({ ...right, ...(right.use === 'unused' ? reasonFor(right) : {}) }));
}

function reasonFor({ role, id, action, resource }: RightUse): { readonly why?: string } {
  const entry = unusedRights.find(
    (one) =>
      one.roles.includes(role) &&
      one.id === id &&
      (one.actions?.includes(action) ?? true) &&
      (one.resource === undefined || matchesIamPattern(`*${one.resource}*`, resource)),
  );
  return entry === undefined ? {} : { why: entry.why };
}

describe('a right that nobody uses', () => {
  const rights = allRights();

  test('has a reason', () => {
    const open = rights.filter(({ use, why }) => use === 'unused' && why === undefined);
    expect(open.map(({ role, id, action, resource }) => `${role} ${id}: ${action} on ${resource}`)).toEqual([]);
  });

  test.each(unusedRights)('$id of $roles: the reason is a sentence about a right that is unused', ({ why }) => {
    expect(why.length).toBeGreaterThan(40);
    expect(rights.some((right) => right.why === why)).toBe(true);
  });
});

test('docs/reference/permissions-in-use.md has the table of rights and calls', () => {
  const rights = allRights();
  const sections: Readonly<Record<string, string>> = {
    rights: renderRights(rights),
    reasons: renderReasons(rights),
    services: renderServiceCalls(assemblies.flatMap(([, assembly]) => serviceCalls(assembly))),
  };
  const fresh = Object.entries(sections).reduce(
    (text, [name, table]) =>
      text.replace(
        new RegExp(`<!-- generated: ${name} -->[\\s\\S]*?<!-- end -->`),
        () => `<!-- generated: ${name} -->\n\n${table}\n\n<!-- end -->`,
      ),
    readFileSync(page, 'utf8'),
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(page, fresh);
  }
  expect(readFileSync(page, 'utf8')).toBe(fresh);
});
