import fc from 'fast-check';
import type { Catalog } from '../../../lib/catalog';
import { readPipeline } from '../../../lib/local/assembly/read-assembly';
import { type PlannedStep, releasePlan, serviceNames } from '../../../lib/pipeline';
import { rules } from '../../../lib/pipeline/rules';
import { catalogOf, synthesize } from '../synthesize';

const example = catalogOf({});
const [hello] = example.services as [Catalog['services'][0]];

interface Place {
  readonly name: string;
  readonly class: string;
  readonly after: 'immediately' | 'approval';
}

function platformOf(places: readonly Place[]): Catalog['platform'] {
  const [first] = example.platform.environments;
  return {
    ...example.platform,
    environments: places.map((place) => ({ ...(first as NonNullable<typeof first>), ...place })),
  };
}

const label = fc.stringMatching(/^[a-z](?:[a-z0-9]{0,6}(?:-[a-z][a-z0-9]{0,3})?)$/);
const places = fc.uniqueArray(
  fc.record({
    name: label,
    class: fc.constantFrom('nonproduction', 'production', 'eu'),
    after: fc.constantFrom('immediately' as const, 'approval' as const),
  }),
  { minLength: 1, maxLength: 8, selector: ({ name }) => name },
);

const stepsOf = (environments: readonly Place[]): readonly PlannedStep[] =>
  releasePlan(platformOf(environments), hello)
    .flatMap(({ actions }) => actions)
    .filter((action) => action.kind === 'verb');

describe('the plan of a release', () => {
  test('reads only what an earlier action has handed on, whatever the environments', () => {
    fc.assert(
      fc.property(places, (environments) => {
        const there = new Set(['Source', 'Bowline']);
        for (const { inputs, output } of stepsOf(environments)) {
          expect(inputs.filter((input) => !there.has(input))).toEqual([]);
          expect(there.has(output)).toBe(false);
          there.add(output);
        }
      }),
    );
  });

  test('takes the hash of a record from the action that wrote the record', () => {
    fc.assert(
      fc.property(places, (environments) => {
        const verbs = stepsOf(environments);
        const writers = new Map(verbs.map(({ name, output }) => [output, name]));
        for (const { verb, inputs, environment } of verbs) {
          const [record] = verb === 'scan' ? ['Built'] : inputs;
          const expected = verb === 'build' ? undefined : `#{${writers.get(record as string)}.RECORD_SHA256}`;
          expect(environment.BOWLINE_RECORD_SHA256).toBe(expected);
        }
      }),
    );
  });

  test('signs once for each class, before its first environment, and promotes what that class has signed', () => {
    fc.assert(
      fc.property(places, (environments) => {
        const verbs = stepsOf(environments);
        const signed = new Map<string, string>();
        const promoted: string[] = [];
        for (const { verb, output, inputs, environment } of verbs) {
          if (verb === 'sign') {
            expect(signed.has(environment.BOWLINE_CLASS as string)).toBe(false);
            signed.set(environment.BOWLINE_CLASS as string, output);
          } else if (verb === 'promote') {
            expect(inputs[0]).toBe(signed.get(environment.BOWLINE_CLASS as string));
            promoted.push(environment.BOWLINE_ENVIRONMENT as string);
          }
        }
        expect(promoted).toEqual(environments.map(({ name }) => name));
      }),
    );
  });

  test('asks before anything is signed for, or let into, an environment that wants approval', () => {
    const stages = releasePlan(
      platformOf([
        { name: 'dev', class: 'nonproduction', after: 'immediately' },
        { name: 'prod', class: 'production', after: 'approval' },
      ]),
      hello,
    );
    expect(stages.map(({ name, actions }) => [name, ...actions.map((action) => action.name)])).toEqual([
      ['Source', 'Source', 'Bowline'],
      ['Build', 'Build'],
      ['Scan', 'Scan'],
      ['PromoteDev', 'SignNonproduction', 'PromoteDev'],
      ['PromoteProd', 'ApproveProd', 'SignProduction', 'PromoteProd'],
    ]);
  });

  test.each([
    [['prod1-2', 'prod12'], 'environments'],
    [['eu--west', 'eu-west'], 'environments'],
  ])('refuses the environments %j, which would have one name in a pipeline', (names, what) => {
    const environments = names.map((name) => ({ name, class: 'production', after: 'immediately' as const }));
    expect(() => releasePlan(platformOf(environments), hello)).toThrow(
      new RegExp(`the ${what} .*${names[0]}.*${names[1]}`),
    );
  });

  test('refuses two classes that would have one name in a pipeline', () => {
    const environments = ['a1-2', 'a12'].map((name, index) => ({
      name: `e${index}`,
      class: name,
      after: 'immediately' as const,
    }));
    expect(() => releasePlan(platformOf(environments), hello)).toThrow('the classes');
  });

  test('becomes the same pipeline in the assembly, within the rules, whatever the environments', () => {
    fc.assert(
      fc.property(places, (environments) => {
        const platform = platformOf(environments);
        const assembly = synthesize({ parsed: { platform, services: [hello] } });
        const { actions } = readPipeline(assembly.directory, serviceNames(platform, hello.name).pipeline);
        expect(actions.map(({ stage, name, inputs }) => ({ stage, name, inputs }))).toEqual(
          releasePlan(platform, hello).flatMap((stage) =>
            stage.actions.map((action) => ({
              stage: stage.name,
              name: action.name,
              inputs: action.kind === 'verb' ? action.inputs : [],
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
