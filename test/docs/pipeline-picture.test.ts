import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog, requireService } from '../../lib/catalog';
import { renderPipelinePicture } from '../../lib/pipeline/release-plan/pipeline-picture';
import { releasePlan } from '../../lib/pipeline/release-plan/release-plan';

const root = join(__dirname, '..', '..');
const catalog = loadCatalog(join(root, 'catalog'));
const picture = renderPipelinePicture(releasePlan(catalog.platform, requireService(catalog, 'hello')));

test('docs/pictures/release-pipeline.svg shows the release pipeline of the example service', () => {
  const path = join(root, 'docs', 'pictures', 'release-pipeline.svg');
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, picture);
  }
  expect(readFileSync(path, 'utf8')).toBe(picture);
});

test('the picture shows every action and refers to no other file', () => {
  for (const name of [
    'Build',
    'Scan',
    'SignNonproduction',
    'PromoteDev',
    'ApproveProd',
    'SignProduction',
    'PromoteProd',
  ]) {
    expect(picture).toContain(`>${name}<`);
  }
  expect(picture.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|NaN|undefined/);
});
