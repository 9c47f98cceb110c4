import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse, parseDocument } from 'yaml';
import { renderer } from '../../charts/render';
import { loadCatalog, parseCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile } from '../../lib/ledger';
import { releasePlan } from '../../lib/pipeline';
import { exampleFiles } from '../catalog/example-files';
import { releaseOf } from '../ledger/fixtures';

const root = join(__dirname, '..', '..');
const page = (name: string) => readFileSync(join(root, 'docs', name), 'utf8');
const catalog = loadCatalog(join(root, 'catalog'));

describe('the table of assumptions about a cluster', () => {
  const section = page('reference/manifests.md').split('## What the manifests assume about a cluster')[1] ?? '';
  const files = [...section.matchAll(/^\| `([a-z-]+\.yaml)`(?:, `([a-z-]+\.yaml)`)? \|/gm)].flatMap(([, ...names]) =>
    names.filter((name) => name !== undefined),
  );

  test('has a row for every file that is rendered, and for no other', () => {
    const [environment] = catalog.platform.environments;
    const [service] = servicesInEnvironments(catalog);
    const full: ServiceInEnvironment = {
      ...(service as NonNullable<typeof service>),
      chat: { kind: 'slack', secret: 'chat' },
      files: { '/etc/app.yaml': 'text' },
    };
    const platform = { ...environmentFile(catalog.platform, environment as NonNullable<typeof environment>) };
    const rendered = [
      ...renderer.service(full, releaseOf(full.name, full.environment, 'one')).keys(),
      ...renderer.environment({ ...platform, addOns: ['flagger'] }, [full]).keys(),
    ]
      .filter((path) => !path.startsWith('apps/'))
      .map((path) => basename(path));
    expect([...new Set(files)].sort()).toEqual([...new Set(rendered)].sort());
  });

  test('names fields that exist', () => {
    const schema = readFileSync(join(root, 'docs', 'reference', 'catalog.md'), 'utf8');
    const fields = [
      ...(section.split('## Alerts')[0] ?? '').matchAll(/`((?:delivery|build|rollback|environments)\.[a-zA-Z.*]+)`/g),
    ];
    const known = (field: string) =>
      schema.includes(`| \`${field.replace('environments.*', 'environments.<name>')}\` |`);
    expect(fields.map(([, field = '']) => field).filter((field) => !known(field))).toEqual([]);
    expect(fields.length).toBeGreaterThan(5);
  });
});

test('the part of platform.yaml in the page about network policies is valid', () => {
  const text = /```yaml\n(# a part of catalog\/platform\.yaml\n[\s\S]*?)```/.exec(
    page('how-to/cluster-network.md'),
  )?.[1];
  const platform = parseDocument(exampleFiles.platform);
  const { delivery } = parse(text ?? '') as { readonly delivery: Readonly<Record<string, unknown>> };
  for (const [field, value] of Object.entries(delivery)) {
    platform.setIn(['delivery', field], platform.createNode(value));
  }
  const result = parseCatalog({ file: 'platform.yaml', text: String(platform) }, []);
  expect(result.ok ? [] : result.problems).toEqual([]);
});

test('the stages and actions in the page about freezes exist in a pipeline', () => {
  const [service] = catalog.services;
  const stages = releasePlan(catalog.platform, service as NonNullable<typeof service>);
  const names = stages.flatMap(({ name, actions }) => actions.map((action) => `${name}/${action.name}`));
  const text = page('how-to/runbook.md');
  expect(text).toContain(`acme-*/${names.find((name) => name.endsWith('/ApproveProd'))}`);
  for (const [, stage] of text.matchAll(/--stage-name (\S+)/g)) {
    expect(stages.map(({ name }) => name)).toContain(stage);
  }
});
