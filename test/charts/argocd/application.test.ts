import { Application, type ApplicationProps } from '../../../charts/argocd/application';
import { Source } from '../../../charts/argocd/source';
import { at, written } from '../synthesize-object';

const application = (own: Partial<ApplicationProps> = {}) =>
  written(
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
        ...own,
      }),
  );

test('keeps its own annotations beside those of its source, is compared by the API server, and deleted by a person alone', () => {
  expect(at(application(), '/metadata/annotations')).toEqual({
    own: 'yes',
    'argocd.argoproj.io/compare-options': 'ServerSideDiff=true',
    'argocd.argoproj.io/manifest-generate-paths': '/manifests/prod/hello',
    'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm',
  });
});

test('heals itself, and leaves fields to those whose they are', () => {
  expect(at(application(), '/spec/syncPolicy/automated')).toEqual({ prune: true, selfHeal: true });
  expect(at(application(), '/spec/syncPolicy/syncOptions')).toEqual(
    expect.arrayContaining(['ServerSideApply=true', 'RespectIgnoreDifferences=true']),
  );
});

test('may be empty, and makes its namespace, only where that is said', () => {
  const options = '/spec/syncPolicy/syncOptions';
  expect(at(application({ allowEmpty: true }), '/spec/syncPolicy/automated/allowEmpty')).toBe(true);
  expect(at(application(), options)).not.toContain('CreateNamespace=true');
  expect(at(application({ createNamespace: true }), options)).toContain('CreateNamespace=true');
});
