// Imports point one way: values, errors ← catalog ← image, rollout, release ← gate, ledger ← steps, pipeline, charts, agent ← local, cli ← bin.
const layers = [
  ['values, errors', '^lib/(values|errors)'],
  ['process, aws', '^lib/(process|aws)'],
  ['catalog', '^lib/catalog'],
  ['image, rollout, release', '^lib/(image|rollout|release)'],
  ['gate, ledger, tools', '^lib/(gate|ledger|tools)'],
  ['steps, pipeline, charts, agent', '^(lib/(steps|pipeline|agent)|charts)'],
  ['local, bootstrap, scaffold, cli', '^lib/(local|bootstrap|scaffold|cli)'],
  ['bin', '^bin'],
];
const upward = layers.flatMap(([name, from], index) => {
  const above = layers.slice(index + 1).map(([, path]) => path);
  return above.length === 0
    ? []
    : [{ name: `${name} imports upward`, severity: 'error', from: { path: from }, to: { path: above } }];
});
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
      from: { path: '^lib/(values|errors|catalog|image|release|rollout|gate|ledger)' },
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
    { name: 'no cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    exclude: { path: '^(test|dist|cdk.out)' },
  },
};
