import fc from 'fast-check';
import { renderer } from '../../../charts/render';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { parseRendered, type RenderedObject } from '../render-catalog';

interface Variable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: object;
}

function variablesOf(
  settings: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, { readonly name: string; readonly key: string }>> = {},
): readonly Variable[] {
  const files = renderer.service(serviceOf('hello', 'prod', { settings, secrets }), releaseOf('hello', 'prod', 'one'));
  const deployment = parseRendered(files).find(({ kind }) => kind === 'Deployment') as RenderedObject;
  return deployment.spec.template.spec.containers[0].env;
}

/** Expands a value like the kubelet (k8s.io/kubernetes/third_party/forked/golang/expansion/expand.go). */
function expand(value: string, variables: ReadonlyMap<string, string>): string {
  let result = '';
  for (let at = 0; at < value.length; at += 1) {
    const next = value[at + 1];
    if (value[at] !== '$' || next === undefined) {
      result += value[at];
    } else if (next === '$') {
      result += '$';
      at += 1;
    } else if (next === '(' && value.includes(')', at)) {
      const end = value.indexOf(')', at);
      const name = value.slice(at + 2, end);
      result += variables.get(name) ?? `$(${name})`;
      at = end;
    } else {
      result += `$${next}`;
      at += 1;
    }
  }
  return result;
}

const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom('$', '(', ')', 'P', 'O', 'R', 'T', ' ') }),
  fc.constantFrom('$(PORT)', '$$(PORT)', '$', '$$', 'p$$word', '$('),
  fc.string(),
);

test('a program reads every setting as the catalog contains it', () => {
  fc.assert(
    fc.property(fc.array(anyText, { minLength: 1, maxLength: 20 }), (texts) => {
      const settings = Object.fromEntries(texts.map((text, index) => [`OWN_${index}`, text]));
      const values = new Map(variablesOf(settings).map(({ name, value = '' }) => [name, value]));
      for (const [name, text] of Object.entries(settings)) {
        expect(expand(values.get(name) as string, values)).toBe(text);
      }
    }),
    { numRuns: 30 },
  );
});

test('secrets are references, and their order in the catalog has no effect', () => {
  const token = { name: 'hello', key: 'token' };
  const password = { name: 'database', key: 'password' };
  const variables = variablesOf({ LOG_LEVEL: 'info' }, { TOKEN: token, PASSWORD: password });
  expect(variables).toContainEqual({ name: 'TOKEN', valueFrom: { secretKeyRef: token } });
  expect(variables).toEqual(variablesOf({ LOG_LEVEL: 'info' }, { PASSWORD: password, TOKEN: token }));
  expect(new Set(variables.map(({ name }) => name)).size).toBe(variables.length);
});
