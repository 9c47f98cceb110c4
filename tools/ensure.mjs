// Makes a bare checkout ready: npm packages, then the tools that a purpose needs. Plain Node, so that it runs before anything is installed.
//   node tools/ensure.mjs --for packages|demo|test|bench|lab|aws
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
// `packages`: npm's alone, for what needs no tool.
const purposes = { packages: undefined, demo: 'road', test: 'test', bench: 'bench', lab: 'lab', aws: 'aws' };

function purpose() {
  const name = process.argv[process.argv.indexOf('--for') + 1];
  if (!(name in purposes)) {
    stop(`say what for: node tools/ensure.mjs --for ${Object.keys(purposes).join('|')}`, 64);
  }
  return purposes[name];
}

function stop(message, code) {
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
  process.stderr.write('npm packages: installing what package-lock.json says\n');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    stop('npm ci failed: see above', 1);
  }
  writeFileSync(stamp, lock);
}

/** All pins as one key: while it and the cache stand, there is nothing to look at. */
function pinsKey() {
  const pins = ['go', 'python', 'advisories'].flatMap((folder) =>
    readdirSync(join(root, 'tools', folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const own = readdirSync(join(root, 'lib', 'tools')).map((name) => join(root, 'lib', 'tools', name));
  return sha256([...pins, ...own].sort().map((path) => readFileSync(path)));
}

function ensureTools(name) {
  const cache = process.env.BOWLINE_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bowline');
  const stamp = join(cache, `ready-${name}`);
  const key = pinsKey();
  if (existsSync(stamp)) {
    // The stamp lists every program it stands for: one that was removed since is installed again.
    const [known, ...programs] = readFileSync(stamp, 'utf8').trim().split('\n');
    if (known === key && programs.length > 0 && programs.every((path) => existsSync(path))) {
      return;
    }
  }
  const { status } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), 'doctor', '--install', name], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) {
    stop('not everything could be installed: see above', 1);
  }
  const { stdout } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), 'doctor', '--json'], {
    cwd: root,
    encoding: 'utf8',
  });
  const programs = JSON.parse(stdout)
    .tools.filter((tool) => tool.purposes.includes(name))
    .map((tool) => tool.path);
  writeFileSync(stamp, `${[key, ...programs].join('\n')}\n`);
}

if (Number(process.versions.node.split('.')[0]) < 20) {
  stop(`Bowline needs Node 20 or newer, this is ${process.version}`, 1);
}
const name = purpose();
ensurePackages();
if (name !== undefined) {
  ensureTools(name);
}
