import fc from 'fast-check';
import { renderer } from '../../charts/render';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { rolloutPresets, serviceSchema } from '../../lib/catalog';
import { demandOf, evaluatePlan, planOf, type RolloutPlan } from '../../lib/rollout';
import { durationSeconds } from '../../lib/values';
import { releaseOf, serviceOf } from '../ledger/fixtures';

const render = (service: ServiceInEnvironment) =>
  renderer.service(service, releaseOf(service.name, service.environment, 'one'));

/** The service with a plan as its file would state it. */
function withPlan(service: ServiceInEnvironment, plan: RolloutPlan): ServiceInEnvironment {
  const { budgetSeconds } = service.rollback;
  return {
    ...service,
    agent: plan.alertHook,
    rollback:
      plan.strategy === 'blue-green'
        ? { budgetSeconds, plan: 'blue-green' }
        : {
            budgetSeconds,
            plan: 'fast',
            steps: plan.steps,
            threshold: plan.threshold,
            intervalSeconds: plan.intervalSeconds,
            windowSeconds: plan.windowSeconds,
            scrapeSeconds: plan.scrapeSeconds,
            progressDeadlineSeconds: plan.progressDeadlineSeconds,
          },
  };
}

const services = fc
  .record({
    plan: fc.constantFrom(...rolloutPresets),
    budgetSeconds: fc.constantFrom(30, 65, 120, 180, 600),
    requestsPerSecond: fc.constantFrom(1, 3, 60, 200, 1000, 5000),
    errorRate: fc.constantFrom(0.005, 0.01, 0.05, 0.3),
    agent: fc.boolean(),
    overrides: fc.record(
      {
        threshold: fc.integer({ min: 2, max: 8 }),
        intervalSeconds: fc.integer({ min: 10, max: 30 }),
        windowSeconds: fc.integer({ min: 10, max: 120 }),
        scrapeSeconds: fc.integer({ min: 1, max: 30 }),
        progressDeadlineSeconds: fc.integer({ min: 10, max: 300 }),
        steps: fc.constantFrom([5], [10, 50], [50, 100]),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ plan, budgetSeconds, requestsPerSecond, errorRate, agent, overrides }) =>
    serviceOf('hello', 'prod', {
      requestsPerSecond,
      agent,
      objectives: { errorRate, p99Seconds: 0.5, availability: 0.999 },
      rollback: { ...overrides, budgetSeconds, plan },
    }),
  );

/** The catalog's default for services without a budget. */
const defaults = serviceSchema.parse({ version: 1, name: 'hello', team: 'a', source: { repository: 'acme/hello' } });
const defaultBudget = durationSeconds(defaults.rollback.budget);
const budgets = { fast: defaultBudget, balanced: 180, careful: 180, 'blue-green': defaultBudget } as const;

test.each(rolloutPresets)('the plan %s renders with the budget that it is meant for', (plan) => {
  const service = serviceOf('hello', 'prod', {
    requestsPerSecond: 500,
    rollback: { budgetSeconds: budgets[plan], plan },
  });
  expect(evaluatePlan(planOf(service), demandOf(service))).toMatchObject({ ok: true });
  expect(render(service).size).toBeGreaterThan(5);
});

test('every plan without problems renders, and so does every suggested plan', () => {
  const rendered = { ok: 0, suggested: 0 };
  fc.assert(
    fc.property(services, (service) => {
      const verdict = evaluatePlan(planOf(service), demandOf(service));
      const acceptedService = verdict.ok
        ? service
        : verdict.suggestion === undefined
          ? undefined
          : withPlan(service, verdict.suggestion);
      if (acceptedService !== undefined) {
        rendered[verdict.ok ? 'ok' : 'suggested'] += 1;
        expect(() => render(acceptedService)).not.toThrow();
      }
    }),
    { numRuns: 30 },
  );
  // Without any rendered plan the property would pass too.
  expect(Math.min(rendered.ok, rendered.suggested)).toBeGreaterThan(2);
});
