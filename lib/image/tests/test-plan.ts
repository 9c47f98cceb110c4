import { type Service, type TestField, testTimeoutSeconds } from '../../catalog';

/** What the probe program runs. `tools/go/start-probe` reads it as JSON. */
export interface TestPlan {
  readonly command: readonly string[];
  /** Of all tests together. */
  readonly timeoutSeconds: number;
}

/** The `go test` command of a service as an argv, run without a shell. The flags that decide what is compiled are those of the program. */
export function testPlan({ build }: Service, test: TestField): TestPlan {
  const timeoutSeconds = testTimeoutSeconds(test);
  return {
    command: [
      'go',
      'test',
      '-json',
      '-trimpath',
      '-buildvcs=false',
      ...(build.tags.length > 0 ? [`-tags=${[...build.tags].sort().join(',')}`] : []),
      ...(test.race ? ['-race'] : []),
      ...(test.short ? ['-short'] : []),
      ...(test.shuffle ? ['-shuffle=on'] : []),
      ...(test.run === undefined ? [] : [`-run=${test.run}`]),
      ...(test.skip === undefined ? [] : [`-skip=${test.skip}`]),
      // The limit of the go command is for each package. The probe program ends all of them after the same time.
      `-timeout=${timeoutSeconds}s`,
      ...test.packages,
    ],
    timeoutSeconds,
  };
}
