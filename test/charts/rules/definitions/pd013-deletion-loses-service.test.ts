import { deletionLosesService } from '../../../../charts/rules/definitions/pd013-deletion-loses-service';
import { findings, onlyFinding, validManifests, validManifestsWith } from '../valid-manifests';

test('a Canary whose deletion stops the service is a warning', () => {
  expect(onlyFinding(deletionLosesService, validManifestsWith('  revertOnDeletion: true\n', ''))).toMatchObject({
    level: 'warning',
    field: 'spec.revertOnDeletion',
  });
});

test('with Argo CD, a deletion must be confirmed', () => {
  const pruned = 'argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm';
  expect(
    onlyFinding(deletionLosesService, validManifestsWith(pruned, 'argocd.argoproj.io/sync-wave: "1"')).message,
  ).toContain('Prune=confirm');
  expect(findings(deletionLosesService, validManifestsWith(`    ${pruned}\n`, ''))).toEqual([]);
  expect(
    findings(deletionLosesService, validManifestsWith(pruned, 'argocd.argoproj.io/sync-options: Prune=false')),
  ).toEqual([]);
});

test('with an Application that prunes, a deletion must be confirmed', () => {
  const application =
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: web }\nspec: { syncPolicy: { automated: { prune: true } } }\n';
  const bare = validManifestsWith('    argocd.argoproj.io/sync-options: Prune=confirm,Delete=confirm\n', '');
  expect(findings(deletionLosesService, bare, application)).toHaveLength(1);
  expect(findings(deletionLosesService, validManifests, application)).toEqual([]);
  const set = `apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: { name: web }\nspec: { template: { spec: { syncPolicy: { automated: { prune: true } } } } }\n`;
  expect(findings(deletionLosesService, bare, set)).toHaveLength(1);
});
