import type { Service } from '../../catalog';
import { testPlan } from './test-plan';

/** Which tests the build runs, for `bowline explain service`. Nothing if the catalog asks for none. */
export function explainTestRun(
  service: Service,
): readonly { readonly subject: string; readonly choice: string; readonly reason: string }[] {
  const { test } = service.build;
  return test === undefined
    ? []
    : [
        {
          subject: 'tests',
          choice: testPlan(service, test).command.join(' '),
          reason: `build.test is set. They run before the image is built, without network, within ${test.timeout}`,
        },
      ];
}
