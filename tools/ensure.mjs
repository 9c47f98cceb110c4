// Prepares a new checkout: installs the npm packages, then the tools of a purpose. Uses Node alone, so that it runs before anything is installed.
//   node tools/ensure.mjs --for packages|demo|test|bench|lab|aws
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// `packages` installs the npm packages only.
const purposes = ['packages', 'demo', 'test', 'bench', 'lab', 'aws'];

function parsePurpose() {
  const name = process.argv[process.argv.indexOf('--for') + 1];
  if (!purposes.includes(name)) {
    exitWith(64, `usage: node tools/ensure.mjs --for ${purposes.join('|')}`);
  }
  return name;
}

function exitWith(code, message) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

const sha256 = (parts) =>
  parts.reduce((hash, part) => hash.update(part).update('\0'), createHash('sha256')).digest('hex');

function ensurePackages() {
  const stamp = join(root, 'node_modules', '.bowline-lock');
  const lock = sha256([readFileSync(join(root, 'package-lock.json'))]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) {
    return;
  }
  process.stderr.write('npm packages: installing the versions of package-lock.json\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    exitWith(1, 'npm ci failed: its output is above');
  }
  writeFileSync(stamp, lock);
}

/** A hash of all pins. While it is unchanged and every program exists, the tools need no check. */
function pinsKey() {
  const pins = ['go', 'python', 'advisories'].flatMap((folder) =>
    readdirSync(join(root, 'tools', folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const sources = readdirSync(join(root, 'lib', 'tools')).map((name) => join(root, 'lib', 'tools', name));
  return sha256([...pins, ...sources].sort().map((path) => readFileSync(path)));
}

function ensureTools(purpose) {
  const cache = process.env.BOWLINE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline');
  const stamp = join(cache, `ready-${purpose}`);
  const key = pinsKey();
  if (existsSync(stamp)) {
    // The stamp lists every program, so that a removed one is installed again.
    const [stampedKey, ...programs] = readFileSync(stamp, 'utf8').trim().split('\n');
    if (stampedKey === key && programs.length > 0 && programs.every((path) => existsSync(path))) {
      return;
    }
  }
  const { status } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), 'doctor', '--install', purpose], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    exitWith(1, 'some tools could not be installed: the reason is above');
  }
  const { stdout } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), 'doctor', '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const programs = JSON.parse(stdout)
    .tools.filter((tool) => tool.purposes.includes(purpose))
    .map((tool) => tool.path);
  writeFileSync(stamp, `${[key, ...programs].join('\n')}\n`);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  exitWith(1, `Bowline needs Node 20 or newer, and this is ${process.version}`);
}
const purpose = parsePurpose();
ensurePackages();
if (purpose !== 'packages') {
  ensureTools(purpose);
}
