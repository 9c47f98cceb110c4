// Imports point one way: values, errors ← catalog ← image, rollout, release ← gate, ledger, provenance ← verify ← steps, pipeline, charts ← local, bootstrap, scaffold ← cli ← bin.
const layers = [
  ['values, errors', '^lib/(values|errors)'],
  ['process, aws', '^lib/(process|aws)'],
  ['catalog', '^lib/catalog'],
  ['image, rollout, release', '^lib/(image|rollout|release)'],
  ['gate, ledger, provenance, tools', '^lib/(gate|ledger|provenance|tools)'],
  ['verify', '^lib/verify'],
  ['steps, pipeline, charts', '^(lib/(steps|pipeline)|charts)'],
  ['local, bootstrap, scaffold', '^lib/(local|bootstrap|scaffold)'],
  ['cli', '^lib/cli'],
  ['bin', '^bin'],
];
// The lab is above all of them, and has layers of its own.
const labLayers = [
  ['lab: layout, Go modules, catalog, images', '^lab/(layout|go-modules|lab-catalog|images)'],
  ['lab: machine', '^lab/machine/'],
  ['lab: run', '^lab/run/'],
  ['lab: driver, teardown, kubernetes', '^lab/(driver|teardown|kubernetes)'],
  ['lab: cluster', '^lab/cluster/'],
  ['lab: git, monitoring', '^lab/(git|monitoring)/'],
  ['lab: delivery', '^lab/delivery/'],
  ['lab: observe', '^lab/observe/'],
  ['lab: release', '^lab/release/'],
  ['lab: scenarios', '^lab/scenarios/'],
  ['lab: report', '^lab/report/'],
  [
    'lab: command lines',
    '^lab/(main|test|serve|program|scenario-options|record-figures|host-cluster|components)\\.ts$',
  ],
];
/** One rule per layer: it must not import a layer above it. */
function forbidUpwardImports(ordered) {
  return ordered.slice(0, -1).map(([name, from], index) => ({
    name: `${name} imports upward`,
    severity: 'error',
    from: { path: from },
    to: { path: ordered.slice(index + 1).map(([, path]) => path) },
  }));
}
const upward = [...forbidUpwardImports([...layers, ['lab', '^lab/']]), ...forbidUpwardImports(labLayers)];
module.exports = {
  forbidden: [
    ...upward,
    {
      name: 'values stands alone',
      severity: 'error',
      from: { path: '^lib/values' },
      to: { path: '^(lib/(?!values)|charts|bin)' },
    },
    {
      name: 'errors stands alone',
      severity: 'error',
      from: { path: '^lib/errors' },
      to: { path: '^(lib/(?!errors)|charts|bin)' },
    },
    {
      name: 'the pure core does no AWS and no Kubernetes',
      severity: 'error',
      from: { path: '^lib/(values|errors|catalog|image|release|rollout|gate|ledger|provenance)' },
      to: { path: 'node_modules/(aws-cdk-lib|@aws-sdk|cdk8s|cdk8s-plus-27)' },
    },
    {
      name: 'the pipeline knows no Kubernetes',
      severity: 'error',
      from: { path: '^lib/pipeline' },
      to: { path: '^charts|node_modules/cdk8s' },
    },
    {
      name: 'charts know no AWS',
      severity: 'error',
      from: { path: '^charts' },
      to: { path: '^lib/pipeline|node_modules/(aws-cdk-lib|@aws-sdk)' },
    },
    {
      name: 'steps know neither pipeline nor charts',
      severity: 'error',
      from: { path: '^lib/steps' },
      to: { path: '^(lib/pipeline|charts)' },
    },
    {
      name: 'the local run knows nothing of deployed pipelines: lib/local/run-release passes them in',
      severity: 'error',
      from: { path: '^lib/local/run/' },
      to: { path: '^lib/local/(deployed/|run-release)' },
    },
    {
      name: 'what the local run is built from does not import it',
      severity: 'error',
      from: { path: '^lib/local/(assembly|base-images|services)/' },
      to: { path: '^lib/local/(run|deployed)' },
    },
    {
      name: 'charts/kubernetes imports no other folder of charts than values',
      severity: 'error',
      from: { path: '^charts/kubernetes' },
      to: { path: '^charts/(?!kubernetes/|values/)' },
    },
    {
      name: 'constructs of charts know neither services nor platforms',
      severity: 'error',
      from: { path: '^charts/(argocd|flagger|gateway|grafana|prometheus|queries|values)/' },
      to: { path: '^charts/(platform|service)/' },
    },
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^(test|dist|cdk.out)' },
  },
};
