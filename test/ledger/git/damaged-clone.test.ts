import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { releasePath } from '../../../lib/ledger';
import { history } from '../../../lib/steps/gitops/history';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { rollback } from '../../../lib/steps/gitops/rollback';
import { BareLedger, digestNamed, fakeRenderer, releaseOf } from '../fixtures';
import { HttpLedger } from '../http-ledger';

/** Files below a folder, relative to it. */
const filesIn = (folder: string, pattern: RegExp) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => pattern.test(path) && statSync(join(folder, path)).isFile(),
  );
const loose = /^objects\/[0-9a-f]{2}\//;
const change = (clone: string, path: string, edit: (file: string) => void) => {
  chmodSync(join(clone, path), 0o644);
  edit(join(clone, path));
};
const each = (clone: string, pattern: RegExp, edit: (file: string) => void) => {
  const found = filesIn(clone, pattern);
  expect(found.length).toBeGreaterThan(0);
  for (const path of found) {
    change(clone, path, edit);
  }
};
/** One pack and one file of refs, as git leaves them after maintenance. */
const pack = (clone: string) => {
  execFileSync('git', ['repack', '-adq'], { cwd: clone });
  execFileSync('git', ['pack-refs', '--all'], { cwd: clone });
};
const halve = (file: string) => truncateSync(file, Math.floor(statSync(file).size / 2));
const flip = (file: string) => {
  const bytes = readFileSync(file);
  for (let at = 12; at < bytes.length - 20; at += 7) {
    bytes[at] = (bytes[at] ?? 0) ^ 0x55;
  }
  writeFileSync(file, bytes);
};
const objectsOfType = (clone: string, type: string) =>
  execFileSync('git', ['cat-file', '--batch-all-objects', '--batch-check=%(objectname) %(objecttype)'], {
    cwd: clone,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((line) => line.endsWith(` ${type}`))
    .map((line) => `objects/${line.slice(0, 2)}/${line.slice(2, 40)}`);
const unpack = (clone: string) => {
  for (const file of filesIn(clone, /\.pack$/)) {
    renameSync(join(clone, file), join(clone, 'moved.pack'));
    execFileSync('git', ['unpack-objects', '-q'], { cwd: clone, input: readFileSync(join(clone, 'moved.pack')) });
    rmSync(join(clone, 'moved.pack'));
  }
};
const removeObjects = (type: string) => (clone: string) => {
  unpack(clone);
  const paths = objectsOfType(clone, type);
  expect(paths.length).toBeGreaterThan(0);
  for (const path of paths) {
    unlinkSync(join(clone, path));
  }
};

/** What can happen to the folder of a kept clone. */
const damages: Readonly<Record<string, (clone: string) => void>> = {
  'empty objects': (clone) => each(clone, loose, (file) => truncateSync(file, 0)),
  'half of every object': (clone) => each(clone, loose, halve),
  'objects with other bytes': (clone) => each(clone, loose, flip),
  'objects replaced by folders': (clone) =>
    each(clone, loose, (file) => {
      rmSync(file);
      mkdirSync(file);
    }),
  'missing commits': removeObjects('commit'),
  'missing trees': removeObjects('tree'),
  'missing blobs': removeObjects('blob'),
  'a truncated pack': (clone) => {
    pack(clone);
    each(clone, /\.pack$/, halve);
  },
  'an empty pack': (clone) => {
    pack(clone);
    each(clone, /\.pack$/, (file) => truncateSync(file, 0));
  },
  'a pack with other bytes': (clone) => {
    pack(clone);
    each(clone, /\.pack$/, flip);
  },
  'a truncated index of a pack': (clone) => {
    pack(clone);
    each(clone, /\.idx$/, halve);
  },
  'an index without its pack': (clone) => {
    pack(clone);
    each(clone, /\.pack$/, unlinkSync);
  },
  'a pack without its index': (clone) => {
    pack(clone);
    each(clone, /\.idx$/, unlinkSync);
  },
  'no objects': (clone) => {
    rmSync(join(clone, 'objects'), { recursive: true });
    mkdirSync(join(clone, 'objects'));
  },
  'no folder of objects': (clone) => rmSync(join(clone, 'objects'), { recursive: true }),
  'no refs': (clone) => rmSync(join(clone, 'refs'), { recursive: true }),
  'a ref to a missing commit': (clone) =>
    each(clone, /^refs\/bowline\/last$/, (file) => writeFileSync(file, `${'1'.repeat(40)}\n`)),
  'an empty ref': (clone) => each(clone, /^refs\/bowline\/last$/, (file) => truncateSync(file, 0)),
  'a ref that is a folder': (clone) =>
    each(clone, /^refs\/bowline\/last$/, (file) => {
      rmSync(file);
      mkdirSync(join(file, 'x'), { recursive: true });
      writeFileSync(join(file, 'x', 'y'), `${'1'.repeat(40)}\n`);
    }),
  'damaged packed refs': (clone) => {
    pack(clone);
    writeFileSync(join(clone, 'packed-refs'), 'not refs\n');
  },
  'an empty HEAD': (clone) => writeFileSync(join(clone, 'HEAD'), ''),
  'a HEAD with a commit': (clone) => writeFileSync(join(clone, 'HEAD'), `${'1'.repeat(40)}\n`),
  'no HEAD': (clone) => unlinkSync(join(clone, 'HEAD')),
  'an empty configuration': (clone) => writeFileSync(join(clone, 'config'), ''),
  'a configuration that git cannot parse': (clone) => writeFileSync(join(clone, 'config'), '[core\n'),
  'a configuration that replaces the address': (clone) =>
    writeFileSync(
      join(clone, 'config'),
      `${readFileSync(join(clone, 'config'), 'utf8')}[url "file:///nowhere/"]\n\tinsteadOf = /\n`,
    ),
  'a configuration that starts a program': (clone) =>
    writeFileSync(
      join(clone, 'config'),
      `${readFileSync(join(clone, 'config'), 'utf8')}[core]\n\talternateRefsCommand = touch ${clone}/started\n`,
    ),
  'a history that was cut off': (clone) =>
    writeFileSync(
      join(clone, 'shallow'),
      `${execFileSync('git', ['rev-parse', 'refs/bowline/last'], { cwd: clone, encoding: 'utf8' })}`,
    ),
  'objects borrowed from a missing place': (clone) => {
    mkdirSync(join(clone, 'objects', 'info'), { recursive: true });
    writeFileSync(join(clone, 'objects', 'info', 'alternates'), '/nowhere\n');
  },
  'nothing but an empty folder': (clone) => {
    rmSync(clone, { recursive: true });
    mkdirSync(clone);
  },
  'a file': (clone) => {
    rmSync(clone, { recursive: true });
    writeFileSync(clone, 'x');
  },
  'a dangling symbolic link': (clone) => {
    rmSync(clone, { recursive: true });
    symlinkSync('/nowhere', clone);
  },
  'fresh locks': (clone) => {
    for (const name of [
      'packed-refs.lock',
      'HEAD.lock',
      'config.lock',
      'shallow.lock',
      'refs/bowline/last.lock',
      'objects/maintenance.lock',
      'gc.pid',
    ]) {
      writeFileSync(join(clone, name), '');
    }
  },
  'a lock that was left over': (clone) => {
    writeFileSync(join(clone, 'packed-refs.lock'), '');
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(join(clone, 'packed-refs.lock'), twoHoursAgo, twoHoursAgo);
  },
  'the clone of another repository': (clone) => {
    const other = new BareLedger();
    other.publish('dev', 'other');
    rmSync(clone, { recursive: true });
    cpSync(other.path, clone, { recursive: true });
    other.remove();
  },
};
/** git repairs these itself, because it fetches what no ref reaches, or does its work in spite of them. */
const repairedByGit = new Set([
  'missing commits',
  'a truncated pack',
  'an empty pack',
  'a truncated index of a pack',
  'an index without its pack',
  'a pack without its index',
  'no objects',
  'an empty ref',
  'a ref that is a folder',
  'fresh locks',
  'the clone of another repository',
]);

describe('a kept clone of the ledger', () => {
  let ledger: BareLedger;
  let cache: string;
  let notices: string[];
  const renderer = fakeRenderer();
  beforeEach(() => {
    ledger = new BareLedger();
    ledger.publish('dev', 'hello');
    cache = join(ledger.root, 'cache');
    notices = [];
  });
  afterEach(() => {
    execFileSync('chmod', ['-R', 'u+w', ledger.root]);
    ledger.remove();
  });
  const location = (repository = ledger.path) => ({
    repository,
    cache,
    onNotice: (text: string) => notices.push(text),
  });
  const promote = (name: string, repository?: string) =>
    promoteToLedger({ ledger: location(repository), release: releaseOf('hello', 'dev', name), renderer });
  const clone = () => join(cache, readdirSync(cache).find((name) => name.endsWith('.git')) ?? 'none');

  test.each(Object.keys(damages))('with %s heals, and says so', async (damage) => {
    await promote('one');
    await promote('two');
    damages[damage]?.(clone());
    expect(await promote('three')).toMatchObject({ ok: true, changed: true });
    expect(ledger.text(releasePath('dev', 'hello'))).toContain(digestNamed('three'));
    expect(
      (await history({ ledger: location(), service: 'hello', environment: 'dev' })).map(({ image }) => image),
    ).toEqual([digestNamed('three'), digestNamed('two'), digestNamed('one'), undefined]);
    const back = await rollback({ ledger: location(), service: 'hello', environment: 'dev', renderer });
    expect(back).toMatchObject({ changed: true, to: digestNamed('two') });
    expect(await promote('four')).toMatchObject({ ok: true, changed: true });
    expect(notices.length).toBeLessThanOrEqual(1);
    expect(repairedByGit.has(damage) || notices.length === 1).toBe(true);
    for (const notice of notices) {
      expect(notice).toContain(`the kept clone of the ledger ${ledger.path} in ${clone()} was damaged (`);
      expect(notice).toContain('it was deleted, and the ledger was cloned again');
    }
    expect(readdirSync(cache)).toHaveLength(1);
    expect(existsSync(join(clone(), 'started'))).toBe(false);
    expect(
      execFileSync('git', ['fsck', '--connectivity-only', '--no-dangling'], {
        cwd: clone(),
        encoding: 'utf8',
        stdio: 'pipe',
      }),
    ).toBe('');
  });

  const damage = () => each(clone(), loose, (file) => truncateSync(file, 0));

  test('stays when the ledger cannot be reached', async () => {
    const server = new HttpLedger(ledger);
    const url = await server.start();
    await promote('one', url);
    const before = statSync(clone()).ino;
    server.intercept = (_, response) => {
      response.writeHead(403).end();
      return true;
    };
    await expect(promote('two', url)).rejects.toMatchObject({ code: 'unreachable' });
    await server.stop();
    expect(statSync(clone()).ino).toBe(before);
    expect(readdirSync(cache)).toHaveLength(1);
    expect(notices).toEqual([]);
  });

  test('stays when the ledger refuses the push, which is not tried again', async () => {
    await promote('one');
    const before = statSync(clone()).ino;
    mkdirSync(join(ledger.path, 'hooks'), { recursive: true });
    writeFileSync(join(ledger.path, 'hooks', 'pre-receive'), '#!/bin/sh\necho tried >> tries\nexit 1\n', {
      mode: 0o755,
    });
    await expect(promote('two')).rejects.toMatchObject({ code: 'push-refused' });
    expect(readFileSync(join(ledger.path, 'tries'), 'utf8')).toBe('tried\n');
    expect(statSync(clone()).ino).toBe(before);
  });

  test('heals for the process that has it open when another process replaces it', async () => {
    await promote('one');
    let replaced = false;
    const result = await promoteToLedger({
      ledger: location(),
      release: releaseOf('hello', 'dev', 'two'),
      renderer: {
        ...renderer,
        service: (service, release) => {
          if (!replaced) {
            replaced = true;
            rmSync(clone(), { recursive: true });
          }
          return renderer.service(service, release);
        },
      },
    });
    expect(result).toMatchObject({ ok: true, changed: true });
    expect(ledger.git('rev-list', '--count', 'main')).toBe('3');
    expect(readdirSync(cache)).toHaveLength(1);
  });

  test('is replaced once by processes that notice the damage together', async () => {
    ledger.publish('dev', 'hello', 'shop', 'cart');
    await promote('one');
    damage();
    const results = await Promise.all(
      ['hello', 'shop', 'cart'].map((service) =>
        promoteToLedger({ ledger: location(), release: releaseOf(service, 'dev', 'two'), renderer }),
      ),
    );
    expect(results).toEqual(results.map(() => expect.objectContaining({ ok: true, changed: true })));
    expect(readdirSync(cache)).toHaveLength(1);
    expect(await promote('three')).toMatchObject({ ok: true, changed: true });
  });

  test('is not needed: without a folder to keep it in, a temporary clone is used, and the command says so', async () => {
    writeFileSync(cache, 'a file');
    expect(await promote('one')).toMatchObject({ ok: true, changed: true });
    expect(notices).toEqual([expect.stringContaining(`can be kept in ${cache}`)]);
  });

  test('is removed a day after a killed process left it half made', async () => {
    await promote('one');
    mkdirSync(join(cache, 'new-old'));
    mkdirSync(join(cache, 'new-recent'));
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 3600;
    utimesSync(join(cache, 'new-old'), twoDaysAgo, twoDaysAgo);
    await promote('two');
    expect(readdirSync(cache).filter((name) => name.startsWith('new-'))).toEqual(['new-recent']);
  });
});
