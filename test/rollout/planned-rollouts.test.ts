import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CatalogFile, describeProblem, requireCatalog } from '../../lib/catalog';
import {
  describeRollout,
  findRolloutProblems,
  loadReleasableCatalog,
  planRollouts,
  presets,
  renderCatalogPlan,
} from '../../lib/rollout';

const root = join(__dirname, '..', '..');
const platform = { file: 'platform.yaml', text: readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8') };
const service = (more: string): CatalogFile => ({
  file: 'services/shop.yaml',
  text: `version: 1\nname: shop\nteam: storefront\nsource: { repository: acme/shop }\n${more}`,
});
const problemsOf = (more: string) => {
  const file = service(more);
  return findRolloutProblems(planRollouts(requireCatalog(platform, [file])), [file]).map(describeProblem);
};

describe('the rollouts of a catalog', () => {
  test('of the example and of the shortest service have no problems', () => {
    expect(loadReleasableCatalog(join(root, 'catalog')).rollouts.map(({ verdict }) => verdict.ok)).toEqual([
      true,
      true,
    ]);
    expect(problemsOf('')).toEqual([]);
  });

  test('that are over budget are located at the budget, with the arithmetic and a plan that works', () => {
    const [first] = problemsOf('rollback:\n  budget: 50s\ntraffic: { requestsPerSecond: 200 }\n');
    expect(first).toMatch(
      /^services\/shop\.yaml:6:11 rollback\.budget: found "50s", expected a rollout plan without problems in dev and prod\./,
    );
    expect(first).toMatch(/Over the rollback budget of 50 s: .*k \+ T\)·I \+ w = \(2 \+ 3\)·10 \+ 1 = 51 s/);
    expect(first).toMatch(/This plan works: rollback: \{ plan: [a-z-]+/);
  });

  test('with too little traffic are located at the traffic', () => {
    expect(problemsOf('traffic: { requestsPerSecond: 4 }\n')[0]).toMatch(
      /^services\/shop\.yaml:5:\d+ traffic\.requestsPerSecond: found 4, expected .*Too few requests for the p99.*plan: blue-green/,
    );
    expect(problemsOf('environments:\n  dev: { requestsPerSecond: 4 }\n')[0]).toMatch(
      /^services\/shop\.yaml:6:\d+ environments\.dev\.requestsPerSecond: found 4, expected .* in dev\./,
    );
  });

  test('are reported once for all environments with the same problem', () => {
    const problems = problemsOf('traffic: { requestsPerSecond: 4 }\n');
    expect(new Set(problems).size).toBe(problems.length);
    for (const problem of problems) {
      expect(problem).toContain('a rollout plan without problems in dev and prod. ');
      expect(problem.match(/This plan works/g)).toHaveLength(1);
    }
    const different = problemsOf('traffic: { requestsPerSecond: 4 }\nenvironments:\n  dev: { requestsPerSecond: 3 }\n');
    expect(different.join('\n')).toContain('without problems in dev. ');
    expect(different.join('\n')).toContain('without problems in prod. ');
  });

  test('with a window that holds one sample are located at the window', () => {
    expect(problemsOf('rollback: { window: 10s, scrape: 10s }\n').join('\n')).toMatch(/rollback\.window: found "10s"/);
  });

  test('with a budget that no plan may meet say so', () => {
    expect(problemsOf('rollback: { budget: 10s }\n')[0]).toMatch(
      /Bowline found no plan without problems at this traffic; raise the budget or the traffic\.|This plan works/,
    );
  });

  test('that are suggested are accepted as printed', () => {
    for (const more of [
      'rollback: { budget: 50s }\n',
      'traffic: { requestsPerSecond: 20 }\n',
      'rollback: { plan: careful }\n',
    ]) {
      const suggested = /This plan works: (rollback: .*\})/.exec(problemsOf(more)[0] ?? '')?.[1];
      expect(suggested).toBeDefined();
      const budget = /budget: \w+/.exec(more)?.[0];
      const written = budget === undefined ? suggested : suggested?.replace('{ ', `{ ${budget}, `);
      expect(problemsOf(`${more.startsWith('rollback') ? '' : more}${written}\n`)).toEqual([]);
    }
  });

  test('have one line per service and environment', () => {
    const [line] = planRollouts(requireCatalog(platform, [service('traffic: { requestsPerSecond: 200 }\n')])).map(
      describeRollout,
    );
    expect(line).toBe(
      'shop in dev: canary 5 → 10 → 25 → 50 %, rolls a bad release back within 56 s (budget 65 s), promotes a good one within 81 s',
    );
  });

  test('do not promise a time where a slow release may be promoted', () => {
    const [line] = planRollouts(requireCatalog(platform, [service('traffic: { requestsPerSecond: 4 }\n')])).map(
      describeRollout,
    );
    expect(line).toContain('may promote a slow release, rolls other bad releases back within 56 s (budget 65 s)');
  });

  test('with problems make the catalog unreleasable', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bowline-rollouts-'));
    try {
      mkdirSync(join(folder, 'services'));
      writeFileSync(join(folder, 'platform.yaml'), platform.text);
      writeFileSync(join(folder, 'services', 'shop.yaml'), service('rollback: { budget: 30s }\n').text);
      expect(() => loadReleasableCatalog(folder)).toThrow(/shop\.yaml:5:\d+ rollback\.budget/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('a plan is printed as the catalog accepts it, with only the settings that differ from its preset', () => {
  const rollback = { budgetSeconds: 60, plan: 'fast' as const };
  expect(renderCatalogPlan(presets.fast, { rollback, agent: false })).toBe('rollback: { plan: fast }');
  expect(
    renderCatalogPlan(
      { ...presets.fast, steps: [10, 50], windowSeconds: 30, alertHook: true },
      { rollback, agent: false },
    ),
  ).toBe('rollback: { plan: fast, steps: [10, 50], window: 30s }, with agent: true');
  expect(renderCatalogPlan(presets['blue-green'], { rollback, agent: false })).toBe('rollback: { plan: blue-green }');
});
