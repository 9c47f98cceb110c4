import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describeProblem, loadCatalog, parseCatalog } from '../../lib/catalog';
import { arnsOf } from '../../lib/pipeline/iam/arns';
import { serviceNames } from '../../lib/pipeline/names';

const root = join(__dirname, '..', '..');
const example = readFileSync(join(root, 'catalog/platform.yaml'), 'utf8');
const { platform } = loadCatalog(join(root, 'catalog'));

function problemsOf(platformName: string, services: readonly string[]) {
  const result = parseCatalog(
    { file: 'platform.yaml', text: example.replace(/^name: .*/m, `name: ${platformName}`) },
    services.map((name) => ({
      file: `${name}.yaml`,
      text: `version: 1\nname: ${name}\nteam: storefront\nsource: { repository: acme/${name} }\n`,
    })),
  );
  return result.ok ? [] : result.problems.filter(({ code }) => code === 'shared-artifact-prefix');
}

test('names both services, their files, and how many characters count', () => {
  const [problem, ...others] = problemsOf('acme-engineering', ['checkout', 'chat', 'chess']);
  expect(others).toEqual([]);
  expect(problem && describeProblem(problem)).toBe(
    'chess.yaml:2:7 name: found "chess", expected a name that differs from checkout (checkout.yaml) in its first 3 characters: CodePipeline truncates "acme-engineering-chess" to 20 characters, so both services would keep their artifacts in the folder acme-engineering-che',
  );
});

test('services that differ early enough pass, also if one name begins with the other', () => {
  expect(problemsOf('acme', ['hello', 'hello-world', 'hello-worlds', 'payments-gateway', 'payments-gates'])).toEqual(
    [],
  );
});

test('services pass exactly if no role of one is granted the artifacts of the other', () => {
  const name = fc.stringMatching(/^[a-c][a-c-]{0,18}[a-c]$/);
  fc.assert(
    fc.property(fc.constantFrom('a', 'acme', 'acme-engineering'), name, name, (platformName, one, other) => {
      fc.pre(one !== other);
      const named = { ...platform, name: platformName };
      const folder = (service: string) => arnsOf(named).artifacts(serviceNames(named, service).pipeline, 'Built');
      expect(problemsOf(platformName, [one, other]).length === 0).toBe(folder(one) !== folder(other));
    }),
    { numRuns: 200 },
  );
});
