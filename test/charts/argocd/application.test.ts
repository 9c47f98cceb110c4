import { Application, type ApplicationProps } from '../../../charts/argocd/application';
import { Source } from '../../../charts/argocd/source';
import { synthesizeObject, valueAt } from '../synthesize-object';

const application = (overrides: Partial<ApplicationProps> = {}) =>
  synthesizeObject(
    (scope) =>
      new Application(scope, 'Application', {
        metadata: { name: 'prod-hello', namespace: 'argocd', annotations: { own: 'yes' } },
        project: 'prod-storefront',
        source: Source.git({
          repository: 'https://git.example.com/l.git',
          branch: 'main',
          path: 'manifests/prod/hello',
        }),
        destination: { server: 'https://kubernetes.default.svc', namespace: 'hello' },
        ...overrides,
      }),
  );

test('merges its annotations with those of the source, uses the server-side diff, and requires confirmation to delete', () => {
  expect(valueAt(application(), '/metadata/annotations')).toEqual({
    own: 'yes',
    'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
    'argocd.argoproj.io/manifest-generate-paths': '/manifests/prod/hello',
    'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
  });
});

test('heals itself and uses server-side apply', () => {
  expect(valueAt(application(), '/spec/syncPolicy/automated')).toEqual({ prune: true, selfHeal: true });
  expect(valueAt(application(), '/spec/syncPolicy/syncOptions')).toEqual(
    expect.arrayContaining(['ServerSideApply=true', 'RespectIgnoreDifferences=true']),
  );
});

test('allows an empty source and creates its namespace only explicitly', () => {
  const options = '/spec/syncPolicy/syncOptions';
  expect(valueAt(application({ allowEmpty: true }), '/spec/syncPolicy/automated/allowEmpty')).toBe(true);
  expect(valueAt(application(), options)).not.toContain('CreateNamespace=true');
  expect(valueAt(application({ createNamespace: true }), options)).toContain('CreateNamespace=true');
});

test('deletes last what left git, unless the caller keeps such objects', () => {
  const options = '/spec/syncPolicy/syncOptions';
  expect(valueAt(application(), options)).toContain('PruneLast=true');
  expect(valueAt(application({ pruneLast: false }), options)).not.toContain('PruneLast=true');
});
