import fc from 'fast-check';
import type { Catalog } from '../../../lib/catalog';
import { readPipeline } from '../../../lib/local/assembly/read-assembly';
import { type PlannedStep, releasePlan, serviceNames } from '../../../lib/pipeline';
import { rules } from '../../../lib/pipeline/rules';
import { catalogOf, synthesize } from '../synthesize';

const example = catalogOf({});
const [hello] = example.services as [Catalog['services'][0]];

interface TestEnvironment {
  readonly name: string;
  readonly class: string;
  readonly after: 'immediately' | 'approval';
}

function platformWith(environments: readonly TestEnvironment[]): Catalog['platform'] {
  const [first] = example.platform.environments;
  return {
    ...example.platform,
    environments: environments.map((environment) => ({
      ...(first as NonNullable<typeof first>),
      ...environment,
    })),
  };
}

const name = fc.stringMatching(/^[a-z](?:[a-z0-9]{0,6}(?:-[a-z][a-z0-9]{0,3})?)$/);
const anyEnvironments = fc.uniqueArray(
  fc.record({
    name,
    class: fc.constantFrom('nonproduction', 'production', 'eu'),
    after: fc.constantFrom('immediately' as const, 'approval' as const),
  }),
  { minLength: 1, maxLength: 8, selector: ({ name }) => name },
);

const stepsOf = (environments: readonly TestEnvironment[]): readonly PlannedStep[] =>
  releasePlan(platformWith(environments), hello)
    .flatMap(({ actions }) => actions)
    .filter((action) => action.kind === 'step');

describe('a release plan', () => {
  test('reads only outputs of earlier actions, for any environments', () => {
    fc.assert(
      fc.property(anyEnvironments, (environments) => {
        const available = new Set(['Source', 'Bowline', 'Catalog']);
        for (const { inputs, output } of stepsOf(environments)) {
          expect(inputs.filter((input) => !available.has(input))).toEqual([]);
          expect(available.has(output)).toBe(false);
          available.add(output);
        }
      }),
    );
  });

  test('takes the hash of a record from the action that wrote it', () => {
    fc.assert(
      fc.property(anyEnvironments, (environments) => {
        const steps = stepsOf(environments);
        const writers = new Map(steps.map(({ name, output }) => [output, name]));
        for (const { step, inputs, environment } of steps) {
          const [record] = step === 'scan' ? ['Built'] : inputs;
          const expected = step === 'build' ? undefined : `#{${writers.get(record as string)}.RECORD_SHA256}`;
          expect(environment.BOWLINE_RECORD_SHA256).toBe(expected);
        }
      }),
    );
  });

  test('signs once per class, before its first environment, and promotes the signed output of the class', () => {
    fc.assert(
      fc.property(anyEnvironments, (environments) => {
        const steps = stepsOf(environments);
        const signed = new Map<string, string>();
        const promoted: string[] = [];
        for (const { step, output, inputs, environment } of steps) {
          if (step === 'sign') {
            expect(signed.has(environment.BOWLINE_CLASS as string)).toBe(false);
            // For the provenance: CodePipeline itself says which execution this is.
            expect(environment.BOWLINE_EXECUTION).toBe('#{codepipeline.PipelineExecutionId}');
            signed.set(environment.BOWLINE_CLASS as string, output);
          } else if (step === 'promote') {
            expect(inputs[0]).toBe(signed.get(environment.BOWLINE_CLASS as string));
            promoted.push(environment.BOWLINE_ENVIRONMENT as string);
          }
        }
        expect(promoted).toEqual(environments.map(({ name }) => name));
      }),
    );
  });

  test('asks for approval before it signs for an environment and promotes into it', () => {
    const stages = releasePlan(
      platformWith([
        { name: 'dev', class: 'nonproduction', after: 'immediately' },
        { name: 'prod', class: 'production', after: 'approval' },
      ]),
      hello,
    );
    expect(stages.map(({ name, actions }) => [name, ...actions.map((action) => action.name)])).toEqual([
      ['Source', 'Source', 'Bowline', 'Catalog'],
      ['Build', 'Build'],
      ['Scan', 'Scan'],
      ['PromoteDev', 'SignNonproduction', 'PromoteDev'],
      ['PromoteProd', 'ApproveProd', 'SignProduction', 'PromoteProd'],
    ]);
  });

  test.each([
    [['prod1-2', 'prod12'], 'environments'],
    [['eu--west', 'eu-west'], 'environments'],
  ])('refuses the environments %j, which have the same name in a pipeline', (names, what) => {
    const environments = names.map((name) => ({ name, class: 'production', after: 'immediately' as const }));
    expect(() => releasePlan(platformWith(environments), hello)).toThrow(
      new RegExp(`the ${what} .*${names[0]}.*${names[1]}`),
    );
  });

  test('refuses two classes with the same name in a pipeline', () => {
    const environments = ['a1-2', 'a12'].map((name, index) => ({
      name: `e${index}`,
      class: name,
      after: 'immediately' as const,
    }));
    expect(() => releasePlan(platformWith(environments), hello)).toThrow('the classes');
  });

  test('gives the same pipeline in the assembly, without findings of the rules, for any environments', () => {
    fc.assert(
      fc.property(anyEnvironments, (environments) => {
        const platform = platformWith(environments);
        const assembly = synthesize({ parsed: { platform, services: [hello] } });
        const { actions } = readPipeline(assembly.directory, serviceNames(platform, hello.name).pipeline);
        expect(actions.map(({ stage, name, inputs }) => ({ stage, name, inputs }))).toEqual(
          releasePlan(platform, hello).flatMap((stage) =>
            stage.actions.map((action) => ({
              stage: stage.name,
              name: action.name,
              inputs: action.kind === 'step' ? action.inputs : [],
            })),
          ),
        );
        const findings = [...assembly.templates.values()].flatMap(({ Resources }) =>
          rules.flatMap((rule) => rule.check(Resources)),
        );
        expect(findings).toEqual([]);
      }),
      { numRuns: 12 },
    );
  });
});
