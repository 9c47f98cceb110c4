import { renderer } from '../../../charts/render';
import { requireCatalog, servicesInEnvironments } from '../../../lib/catalog';
import { judgeConfiguration, policyFor } from '../../../lib/gate';
import { checkConfiguration } from '../../../lib/steps';
import { exampleFiles } from '../../catalog/example-files';
import { releaseOf } from '../../ledger/fixtures';

const everyField = `${exampleFiles.service}
args: [serve, --verbose]
ports: [{ name: grpc, port: 9090 }]
metrics: { port: 9100 }
probes: { port: 9200 }
traffic: { requestsPerSecond: 500 }
tmpSize: 1Gi
shutdown: { drain: 10s, gracePeriod: 2m }
network: { from: [hello], to: [{ cidr: 10.0.0.0/8, port: 5432 }, { cidr: "fd00::/8", port: 443 }] }
environments:
  prod:
    role: arn:aws:iam::111111111111:role/orders
    settings: { LOG_LEVEL: info }
    secrets: { DATABASE_PASSWORD: { name: hello-database, key: password } }
    files: { FILES }
`;

/** The verdict of publish on the manifests of a service with every field of a container, with the real checkers. */
async function verdictWith(files: string) {
  const text = everyField.replace('FILES', files);
  const catalog = requireCatalog({ file: 'platform.yaml', text: exampleFiles.platform }, [
    { file: 'hello.yaml', text },
  ]);
  const manifests = servicesInEnvironments(catalog).flatMap((service) => [
    ...renderer.service(service, releaseOf('hello', service.environment, 'one')),
  ]);
  const reports = await checkConfiguration(new Map(manifests));
  return judgeConfiguration(reports, policyFor(catalog.platform.findings, [], 'hello'), new Date());
}

test('publish accepts the manifests of a service that uses every field', async () => {
  const { reasons, outcome } = await verdictWith('/etc/app/config.yaml: "level: info\\ntemplate: {{ .Name }}\\n"');
  expect(reasons).toEqual([]);
  expect(outcome).toBe('passed');
}, 600_000);

test('publish refuses a password in a configuration file', async () => {
  const { reasons, outcome } = await verdictWith('/etc/app/config.yaml: "password: hunter2hunter2\\n"');
  expect(outcome).toBe('blocked');
  expect(reasons.map(({ message }) => message).join()).toContain('KSV-0109');
}, 600_000);
