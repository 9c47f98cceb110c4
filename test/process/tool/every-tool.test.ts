import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..', '..');

/** Files that start programs neither with `runTool` nor with `gitCommand`, and why. */
const exceptions: Readonly<Record<string, string>> = {
  'lib/process/run.ts': 'what runTool starts programs with',
  'lib/process/tool/run-tool.ts': 'it is runTool',
  'lib/process/tool/go-settings.ts': 'asks Go for the settings that a tool gets, in the folder /',
  'lib/ledger/git/run-git.ts': 'git with the environment of gitCommand',
  'lib/process/git/user-settings.ts': "asks git for the user's settings, in the folder /",
  'lib/steps/clients/buildkit-daemon.ts': 'a server, with the folders and the environment of a tool',
  'lib/tools/debian-versions.ts': 'installs tools',
  'lib/tools/location.ts': 'finds tools',
  'lib/tools/prerequisites.ts': 'finds tools',
  'lib/tools/install.ts': 'installs tools',
  'lib/tools/fixture-databases.ts': 'writes the fixture databases from files of this project',
  'lib/pipeline/assets/bundle.ts': 'bundles this program',
  'lib/cli/own-package.ts': 'packs this program',
  'lib/local/services/server.ts': 'local servers',
  'lib/local/services/server-descriptions.ts': 'local servers',
  'lib/local/base-images/go-toolchain.ts': 'asks Go for its version',
  'lib/local/base-images/push-base-image.ts': 'local base images',
  'lib/local/base-images/rootfs.ts': 'local base images',
  'lib/local/base-images/debian.ts': 'local base images',
  'lib/local/base-images/pack-layer.ts': 'local base images',
  'lib/local/run/synthesize.ts': 'runs the CDK application of this project',
  'lib/local/run/execute-buildspec.ts': 'runs a buildspec with a complete environment',
};

const files = readdirSync(join(root, 'lib'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => `lib/${file}`);

/** Whether a file starts programs in another way than with `runTool` and `gitCommand`. */
function startsPrograms(file: string): boolean {
  const text = readFileSync(join(root, file), 'utf8');
  const imports = [...text.matchAll(/import \{([^}]*)\} from '[./]*\/(?:process|process\/run|run)';/g)];
  const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  const runs = names.some((name) => name === 'run' || name === 'mustRun');
  return (
    (runs && /\b(?:run|mustRun)\((?!\s*gitCommand\()/.test(text)) ||
    /^import (?!type\b)[^;]* from '(?:node:)?child_process'/m.test(text)
  );
}

test('every tool runs in folders of its own: nothing else starts programs but the listed files', () => {
  expect(files.filter(startsPrograms).sort()).toEqual(Object.keys(exceptions).sort());
});

test('no client of a tool is an exception', () => {
  const clients = Object.keys(exceptions).filter((file) => /^lib\/(?:steps\/clients|verify|gate)\//.test(file));
  expect(clients).toEqual(['lib/steps/clients/buildkit-daemon.ts']);
});
