/** Words that people know from Kubernetes and from other tools, with the field of the catalog that does the same. */
const fieldsByWord: ReadonlyMap<string, string> = new Map(
  Object.entries({
    args: ['arguments', 'command', 'entrypoint', 'cmd'],
    ports: ['containerPorts', 'extraPorts', 'grpcPort', 'adminPort'],
    'metrics.port': ['metricsPort', 'metrics_port'],
    'probes.port': ['probesPort', 'probePort', 'healthPort'],
    probes: ['readinessProbe', 'livenessProbe', 'healthCheck'],
    'rollback.progressDeadline': ['startupProbe', 'startupTimeout', 'initialDelaySeconds', 'progressDeadlineSeconds'],
    shutdown: ['terminationGracePeriodSeconds', 'gracePeriod', 'preStop', 'lifecycle'],
    tmpSize: ['tmp', 'emptyDir', 'ephemeralStorage'],
    'environments.<name>.role': ['role', 'iamRole', 'roleArn', 'serviceAccount', 'serviceAccountName', 'irsa'],
    'environments.<name>.files': [
      'files',
      'configMap',
      'configMaps',
      'volumes',
      'volumeMounts',
      'configFiles',
      'config',
    ],
    'environments.<name>.settings': ['settings', 'env', 'environment', 'envFrom', 'variables'],
    'environments.<name>.secrets': ['secrets', 'secret', 'secretRef'],
    'environments.<name>.cpu and memory': ['resources', 'requests', 'limits', 'cpu', 'memory'],
    'environments.<name>.replicas': ['replicas', 'minReplicas'],
    'environments.<name>.maxReplicas': ['maxReplicas', 'autoscaling', 'hpa'],
    'delivery.scrapers': ['scraper', 'scrapers', 'scrapeFrom'],
    'delivery.gateway.from': ['gatewayFrom', 'loadBalancer', 'ingressFrom'],
    'delivery.dns': ['dns', 'nameServers', 'resolvers'],
    'ledger.write: pull-request, or a disabled transition ("Freeze releases" in the runbook)': [
      ...['freeze', 'freezes', 'freezeWindow', 'blackout', 'approvers', 'approvals'],
    ],
  }).flatMap(([field, words]) => words.map((word) => [word.toLowerCase(), field] as const)),
);

/** The field that a key from elsewhere stands for, such as `environments.<name>.role` for `serviceAccount`. */
export function fieldForWord(key: string): string | undefined {
  return fieldsByWord.get(key.toLowerCase());
}
