import type { Service } from '../../catalog';
import type { TestReport } from './test-report';

/** Why tests stop a build. */
export interface TestRejection {
  readonly code: 'tests-failed' | 'tests-timed-out' | 'no-tests';
  readonly message: string;
}

/** Explains a report of tests that did not pass: each failed test with its output. */
export function explainTests(service: Service, report: TestReport, timeout: string): TestRejection {
  const { failures, failed, timedOut, output } = report;
  const details = [
    ...failures.flatMap(({ package: name, test, output: lines }) => [
      `  ${test === undefined ? name : `${name} ${test}`}`,
      ...indented(lines),
    ]),
    ...(failed > failures.length ? [`  … and ${failed - failures.length} more`] : []),
    ...(failures.length === 0 ? indented(output) : []),
  ];
  if (timedOut) {
    return {
      code: 'tests-timed-out',
      message: [
        `${service.name}: the tests did not end within ${timeout}. Fix what they wait for, or set build.test.timeout`,
        ...details,
      ].join('\n'),
    };
  }
  if (failed === 0 && report.exitCode === 0) {
    return {
      code: 'no-tests',
      message: `${service.name}: build.test ran no test: none of its packages has one that it selects`,
    };
  }
  const count =
    failed === 0 ? 'go test failed' : `${failed} ${failed === 1 ? 'test or package' : 'tests or packages'} failed`;
  return { code: 'tests-failed', message: [`${service.name}: ${count}:`, ...details].join('\n') };
}

function indented(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => line.trim() !== '').map((line) => `      ${line}`);
}
