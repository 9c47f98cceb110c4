import { renderer } from '../../../charts/render';
import type { AcceptedRisk, AddOn, Catalog } from '../../../lib/catalog';
import type { Observation } from '../../../lib/gate';
import type { RenderedFiles, Renderer } from '../../../lib/ledger';
import { type ConfigurationCheck, checkConfiguration } from '../../../lib/steps';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { publish } from '../../../lib/steps/gitops/publish';
import { BareLedger, fakeRenderer, releaseOf } from '../../ledger/fixtures';
import { catalogOf, nothingFound } from './ledger-fixtures';

const now = new Date('2026-11-24T12:00:00Z');
const canary = (service: string, environment = 'dev') => `manifests/${environment}/${service}/canary.yaml`;

/** A checker with one finding in each of these files. */
function finding(paths: readonly string[], more: Partial<Observation> = {}): ConfigurationCheck {
  return async (files) => [
    {
      ok: true,
      scanner: 'trivy-config',
      observations: paths
        .filter((path) => files.has(path) || more.package !== undefined)
        .map((path) => ({
          id: 'KSV-0017',
          aliases: [],
          package: path.startsWith('platform/') ? `platform/${path.split('/')[2]}` : (path.split('/').at(-1) ?? path),
          version: path.split('/')[1] ?? '',
          path,
          title: 'is privileged',
          severity: 'high',
          source: 'trivy-config',
          reachable: false,
          ...more,
        })),
    },
    { ok: true, scanner: 'checkov', observations: [] },
  ];
}

const risk = (changes: Partial<AcceptedRisk> = {}): AcceptedRisk => ({
  id: 'KSV-0017',
  package: 'canary.yaml',
  reason: 'a canary runs nothing itself',
  owner: 'storefront',
  expires: '2027-01-31',
  ...changes,
});

describe('publish with fake checkers', () => {
  let ledger: BareLedger;
  beforeEach(() => {
    ledger = new BareLedger();
    checked.length = 0;
  });
  afterEach(() => ledger.remove());

  const put = (check: ConfigurationCheck, catalog: Catalog = catalogOf(['hello', 'shop']), rerender = false) =>
    publish({ catalog, ledger: { repository: ledger.path }, renderer: fakeRenderer(), check, now, rerender });
  const checked: RenderedFiles[] = [];
  const recordingCheck: ConfigurationCheck = async (files) => {
    checked.push(files);
    return nothingFound(files);
  };
  test('checks everything that it would write in one run, and unreleased services as if they were released', async () => {
    await put(recordingCheck);
    expect(checked.map((files) => [...files.keys()].sort())).toEqual([
      ['dev', 'prod']
        .flatMap((environment) => [`apps/${environment}/hello.yaml`, `apps/${environment}/shop.yaml`])
        .concat(
          ['dev', 'prod'].flatMap((environment) =>
            ['hello', 'shop'].flatMap((name) => [
              `manifests/${environment}/${name}/canary.yaml`,
              `manifests/${environment}/${name}/deployment.yaml`,
            ]),
          ),
          ['platform/dev/project-storefront.yaml', 'platform/prod/project-storefront.yaml'],
        ),
    ]);
  });

  test('checks only what is new or changed', async () => {
    await put(recordingCheck);
    await put(recordingCheck);
    expect(checked).toHaveLength(1);
    const wider = catalogOf(['hello', 'shop'], '1Gi');
    await put(recordingCheck, {
      ...wider,
      services: wider.services.map((each) =>
        each.name === 'shop' ? each : (catalogOf(['hello']).services[0] as never),
      ),
    });
    expect([...(checked[1]?.keys() ?? [])].sort()).toEqual([
      'apps/dev/shop.yaml',
      'manifests/dev/shop/canary.yaml',
      'manifests/dev/shop/deployment.yaml',
    ]);
  });

  test('checks the manifests again that a newer version renders', async () => {
    await put(recordingCheck);
    await promoteToLedger({
      ledger: { repository: ledger.path },
      release: releaseOf('hello', 'dev', 'one'),
      renderer: fakeRenderer(),
    });
    await publish({
      catalog: catalogOf(['hello', 'shop']),
      ledger: { repository: ledger.path },
      renderer: fakeRenderer('2'),
      check: recordingCheck,
      rerender: true,
    });
    const paths = [...(checked[1]?.keys() ?? [])];
    expect(paths).toContain('manifests/dev/hello/deployment.yaml');
    expect(paths.filter((path) => path.includes('shop'))).toEqual([]);
  });

  test('rejects a finding with exit code 2, names it, and does not change the ledger', async () => {
    await expect(put(finding([canary('shop')]))).rejects.toMatchObject({
      code: 'manifests-blocked',
      exitCode: 2,
      message: expect.stringContaining('shop: finding-blocks: KSV-0017 (high) in canary.yaml (dev), is privileged'),
    });
    expect(ledger.git('branch', '--list')).toBe('');
  });

  test.each([
    ['the checkers did not run', async () => [], 'scanner-did-not-run'],
    [
      'one of them crashed',
      async () => [
        { ok: false, scanner: 'checkov', code: 'scanner-failed', message: 'checkov ended with exit code 2' } as const,
        { ok: true, scanner: 'trivy-config', observations: [] } as const,
      ],
      'scanner-failed',
    ],
  ] satisfies [string, ConfigurationCheck, string][])('exits with 1 when %s', async (_, check, code) => {
    await expect(put(check)).rejects.toMatchObject({
      code: 'manifests-unchecked',
      exitCode: 1,
      message: expect.stringContaining(code),
    });
    expect(ledger.git('branch', '--list')).toBe('');
  });

  test('a risk that is accepted for one service applies to that service only, and is noted', async () => {
    const accepted = (service: string) => ({ ...catalogOf(['hello', 'shop']), acceptedRisks: [risk({ service })] });
    await expect(put(finding([canary('shop')]), accepted('hello'))).rejects.toMatchObject({
      code: 'manifests-blocked',
    });
    const result = await put(finding([canary('shop')]), accepted('shop'));
    expect(result.changed).toBe(true);
    expect(result.notes).toEqual([
      'shop: KSV-0017 (high) in canary.yaml (dev), is privileged: accepted by storefront until 2027-01-31: a canary runs nothing itself',
    ]);
  });

  test('a risk that is accepted for a service does not apply to shared manifests', async () => {
    const path = 'platform/prod/project-storefront.yaml';
    const of = (changes: Partial<AcceptedRisk>) => ({
      ...catalogOf(['hello']),
      acceptedRisks: [risk({ package: 'platform/project-storefront.yaml', ...changes })],
    });
    await expect(put(finding([path]), of({ service: 'hello' }))).rejects.toMatchObject({ code: 'manifests-blocked' });
    expect(await put(finding([path]), of({}))).toMatchObject({ changed: true });
  });

  test('a risk that expired yesterday no longer applies', async () => {
    const catalog = { ...catalogOf(['shop']), acceptedRisks: [risk({ expires: '2026-11-23' })] };
    await expect(put(finding([canary('shop')]), catalog)).rejects.toMatchObject({
      message: expect.stringContaining('expired on 2026-11-23'),
    });
  });

  test('a finding in an unknown file blocks, because it may be about any part', async () => {
    await expect(put(finding(['elsewhere.yaml'], { package: 'elsewhere.yaml' }))).rejects.toMatchObject({
      code: 'manifests-blocked',
    });
  });
});

describe('publish, with trivy and checkov', () => {
  let ledger: BareLedger;
  beforeEach(() => {
    ledger = new BareLedger();
  });
  afterEach(() => ledger.remove());

  /** The real manifests, but the containers of shop run privileged. */
  const privileged: Renderer = {
    ...renderer,
    service: (service, release) =>
      new Map(
        [...renderer.service(service, release)].map(([path, text]) => [
          path,
          service.name === 'shop' ? text.replaceAll('privileged: false', 'privileged: true') : text,
        ]),
      ),
  };

  test('the real manifests pass, and a privileged container is rejected', async () => {
    const input = { ledger: { repository: ledger.path }, check: checkConfiguration, now };
    expect(await publish({ ...input, catalog: catalogOf(['hello']), renderer })).toMatchObject({
      changed: true,
      notes: [],
    });
    const before = ledger.head();
    const refusal = await publish({ ...input, catalog: catalogOf(['hello', 'shop']), renderer: privileged }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: 'manifests-blocked', exitCode: 2 });
    const message = String(refusal);
    expect(message).toMatch(/shop: finding-blocks: KSV-0017 \(high\) in deployment\.yaml/);
    expect(message).toMatch(/shop: finding-blocks: CKV_K8S_16 \(unknown\) in deployment\.yaml/);
    expect(message).not.toContain('hello:');
    expect(ledger.head()).toBe(before);
  }, 300_000);

  test('publishes a change of platform files only', async () => {
    const checkedFiles = new Map<string, string>();
    const put = (addOns: readonly AddOn[], check: ConfigurationCheck) => {
      const { platform, ...catalog } = catalogOf(['hello']);
      const delivery = { ...platform.delivery, addOns: [...addOns] };
      return publish({
        catalog: { ...catalog, platform: { ...platform, delivery } },
        ledger: { repository: ledger.path },
        renderer,
        check: async (files) => {
          checkedFiles.clear();
          for (const [path, text] of files) {
            checkedFiles.set(path, text);
          }
          return check(files);
        },
        now,
      });
    };
    await put(['flagger'], nothingFound);
    const shared = [...checkedFiles].filter(([path]) => path.startsWith('platform/dev/'));
    // checkov has a check for config maps, and for no other kind in these files.
    const withoutChecks = shared.filter(([path]) => path !== 'platform/dev/argocd-configuration.yaml');
    expect(withoutChecks.map(([path]) => path.slice('platform/dev/'.length)).sort()).toEqual(
      ['add-ons', 'admission', 'bootstrap', 'namespaces', 'projects'].map((name) => `${name}.yaml`),
    );
    expect(await checkConfiguration(new Map(withoutChecks))).toMatchObject([
      { scanner: 'trivy-config', ok: true },
      { scanner: 'checkov', ok: true, observations: [] },
    ]);

    expect(await put(['flagger', 'loki'], checkConfiguration)).toMatchObject({ changed: true });
    expect([...checkedFiles.keys()]).toEqual(['platform/dev/add-ons.yaml', 'platform/prod/add-ons.yaml']);
  }, 300_000);
});
