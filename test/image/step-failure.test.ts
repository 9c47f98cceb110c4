import { readStepFailure } from '../../lib/image';

const mount = '--network=none --mount=type=bind,target=/source';
const compile = (command: string) => `process "${command}" did not complete successfully: exit code: 1`;

/** The output of buildctl 0.34, shortened. */
const typo = `#9 [internal] load build context
#9 transferring context: 54B done
#9 DONE 0.0s

#15 [linux/amd64->arm64 compile 2/2] RUN ${mount} ["go", "build", "-v", "."]
#15 0.235 example.com/typo
#15 0.242 # example.com/typo
#15 0.242 ./main.go:10:14: undefined: readTimeout
#15 ERROR: ${compile('go build -v .')}

#16 [linux/amd64 compile 2/2] RUN ${mount} ["go", "build", "-v", "."]
#16 0.192 fmt
#16 CANCELED
------
 > [linux/amd64->arm64 compile 2/2] RUN ${mount} ["go", "build", "-v", "."]:
0.242 ./main.go:10:14: undefined: readTimeout
------
Dockerfile:19
--------------------
  19 | >>> RUN ${mount} ["go", "build", "-v", "."]
--------------------
error: failed to solve: ${compile('go build -v .')}
`;

test('finds the failed step among canceled steps', () => {
  expect(readStepFailure(typo)).toEqual({
    command: 'go build -v .',
    platform: 'linux/arm64',
    exitCode: 1,
    lines: ['example.com/typo', '# example.com/typo', './main.go:10:14: undefined: readTimeout'],
  });
});

test.each([
  ['linux/amd64->arm64 compile 2/2', 'linux/arm64'],
  ['linux/amd64 compile 2/2', 'linux/amd64'],
  ['linux/arm64->linux/arm/v7 compile 2/2', 'linux/arm/v7'],
  ['linux/amd64 binary-linux-mips 1/1', 'linux/mips'],
  ['binary-windows-amd64 1/1', 'windows/amd64'],
  ['compile 2/2', undefined],
  ['dependencies 4/5', undefined],
])('the step %s compiles for %s', (name, platform) => {
  const failure = readStepFailure(`#7 [${name}] RUN ["go"]\n#7 ERROR: ${compile('go build .')}\n`);
  expect(failure?.platform).toBe(platform);
});

test('a killed command has the exit code that BuildKit prints', () => {
  const killed =
    '#7 [compile 2/2] RUN ["go"]\n#7 ERROR: process "go build ." did not complete successfully: exit code: 137\n';
  expect(readStepFailure(killed)).toMatchObject({ exitCode: 137, lines: [] });
});

test.each([
  ['empty output', ''],
  [
    'an error of a registry',
    'error: failed to solve: 127.0.0.1:5000/a: failed to do request: Head "http://127.0.0.1:5000/v2/a": EOF',
  ],
  ['an error of the daemon', 'error: listing workers for Build: failed to list workers: Unavailable: connection error'],
])('%s is not a step failure', (_, progress) => {
  expect(readStepFailure(progress)).toBeUndefined();
});
