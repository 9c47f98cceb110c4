import {
  describeFinding,
  judgeConfiguration,
  policyFor,
  readCheckovReport,
  readTrivyConfigReport,
} from '../../lib/gate';
import { byDesign } from '../../lib/gate/by-design';
import {
  checkovFindings,
  checkovOutput,
  defaultFindings,
  deployment,
  failedCheck,
  now,
  oneDeployment,
  trivyConfigOutput,
} from './report-fixtures';

test.each(byDesign.flatMap(({ checks, package: file }) => checks.map((id) => [id, file] as const)))(
  '%s is by design in %s, and nowhere else',
  (id, file) => {
    const of = (path: string) => {
      const report = readCheckovReport(
        checkovOutput(checkovFindings({}, [{ ...failedCheck, check_id: id, file_path: `/${path}` }]), oneDeployment),
        oneDeployment,
      );
      const clean = readTrivyConfigReport(trivyConfigOutput({ Status: 'PASS' }), [deployment]);
      return judgeConfiguration([report, clean], policyFor(defaultFindings, [], 'hello'), now);
    };
    const intended = of(file === 'Dockerfile' ? file : `manifests/dev/hello/${file}`);
    expect(intended.outcome).toBe('passed');
    expect(intended.findings.map(describeFinding)[0]).toContain('by design: ');
    expect(of('manifests/dev/hello/job.yaml').outcome).toBe('blocked');
  },
);

test('these findings are by design', () => {
  expect(byDesign.map(({ checks, package: file }) => [file, ...checks])).toEqual([
    ['Dockerfile', 'CKV_DOCKER_2', 'DS-0026'],
    ['deployment.yaml', 'CKV_K8S_11', 'KSV-0011'],
    ['deployment.yaml', 'CKV_K8S_35'],
  ]);
});
