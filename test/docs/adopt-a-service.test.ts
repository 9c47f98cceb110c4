import { join } from 'node:path';
import { metricsPresets } from '../../lib/catalog';
import { readModule, renderService, repositoryOf } from '../../lib/scaffold/adopt';
import { mainFile, propose, withCheckout } from '../scaffold/adopt/checkout';
import { snippetsOf } from './snippets';

const root = join(__dirname, '..', '..');
const page = snippetsOf(root, 'docs/how-to/adopt-a-service.md');
const goMod = 'module github.com/acme/shop\n\ngo 1.26\n';

test('the example of the page is described as the page shows', async () => {
  const program = page.find(({ text }) => text.startsWith('// main.go\n'))?.text.replace('// main.go\n', '') ?? '';
  const files = { 'go.mod': goMod, 'main.go': program };
  const shown = page.find(({ text }) => text.startsWith('# services/shop.yaml\n'))?.text ?? '';
  const reading = await withCheckout(files, (folder) => readModule({ root: folder, directory: '.' }));
  const { text, open } = renderService(
    {
      name: 'shop',
      team: 'storefront',
      schema: 'x',
      requestsPerSecond: '50',
      repository: repositoryOf({}, reading, { kind: 'connection', provider: 'github' }),
      branch: { value: 'main', where: 'the default, because the checkout has none' },
      directory: '.',
    },
    await propose(files),
  );
  expect(open).toEqual([]);
  expect(text).toContain(shown.replace('# services/shop.yaml\n', ''));
});

test('the instrumentation of the page is recognized as client_golang', async () => {
  const code = page.find(({ text }) => text.startsWith('// Instrument counts'))?.text ?? '';
  const { metrics } = await propose({
    'go.mod': goMod,
    'main.go': mainFile(
      [
        'net/http',
        'github.com/prometheus/client_golang/prometheus',
        'github.com/prometheus/client_golang/prometheus/promauto',
      ],
      'http.ListenAndServe(":8080", Instrument(nil))',
      code,
    ),
  });
  expect(metrics).toMatchObject({ preset: 'client_golang', questions: [] });
  expect(metricsPresets.client_golang.status).toBe('code');
});
