import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog, requireService, serviceInEnvironment } from '../../lib/catalog';
import { assess, demandOf, planOf, renderTimeline } from '../../lib/rollout';
import { renderPresetsTable } from '../../lib/rollout/presentation/presets-table';

const root = join(__dirname, '..', '..');
const write = process.env.BOWLINE_WRITE_GENERATED === '1';

test('docs/pictures/rollout-hello.svg is the rollout of hello in prod', () => {
  const { platform, services } = loadCatalog(join(root, 'catalog'));
  const [, prod] = platform.environments;
  const service = serviceInEnvironment(
    platform,
    requireService({ platform, services }, 'hello'),
    prod as NonNullable<typeof prod>,
  );
  const picture = renderTimeline(assess(planOf(service), demandOf(service)));
  const path = join(root, 'docs', 'pictures', 'rollout-hello.svg');
  if (write) {
    writeFileSync(path, picture);
  }
  expect(readFileSync(path, 'utf8')).toBe(picture);
});

test('docs/explanation/rollout.md shows the presets as they are', () => {
  const path = join(root, 'docs', 'explanation', 'rollout.md');
  const table = renderPresetsTable({
    requestsPerSecond: 200,
    errorRateLimit: 0.01,
    p99LimitSeconds: 0.5,
    rollbackBudgetSeconds: 180,
  });
  const fresh = readFileSync(path, 'utf8').replace(
    /<!-- generated: presets -->[\s\S]*?<!-- end -->/,
    `<!-- generated: presets -->\n\n${table}\n<!-- end -->`,
  );
  if (write) {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});
