import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { openArtifactStore } from '../../../../lib/local/run/archive/artifact-store';
import { unzip } from '../../../../lib/local/run/archive/unzip';
import { snapshotSource } from '../../../../lib/local/run/source-snapshot';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-artifact-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function zipOf(source: string): Promise<Uint8Array> {
  const snapshot = await snapshotSource(source);
  try {
    const zip = join(directory, 'source.zip');
    await snapshot.writeZip(zip);
    return readFileSync(zip);
  } finally {
    snapshot.dispose();
  }
}

describe('unzip', () => {
  test('keeps symbolic links as they are in git, and executable files', async () => {
    const source = join(directory, 'source');
    mkdirSync(join(source, 'web'), { recursive: true });
    writeFileSync(join(source, 'web', 'page.html'), '<p>');
    writeFileSync(join(source, 'generate.sh'), '#!/bin/sh\n', { mode: 0o755 });
    symlinkSync('web/page.html', join(source, 'index.html'));
    symlinkSync('web', join(source, 'pages'));
    symlinkSync('../elsewhere', join(source, 'outside'));
    const to = join(directory, 'to');
    unzip(await zipOf(source), to);
    expect(readlinkSync(join(to, 'index.html'))).toBe('web/page.html');
    expect(readFileSync(join(to, 'pages', 'page.html'), 'utf8')).toBe('<p>');
    expect(readlinkSync(join(to, 'outside'))).toBe('../elsewhere');
    expect(statSync(join(to, 'generate.sh')).mode & 0o111).not.toBe(0);
    expect(statSync(join(to, 'web', 'page.html')).mode & 0o111).toBe(0);
  });

  test.each(['../outside', '/outside', 'a/../../outside'])('refuses the path %s', (path) => {
    expect(() => unzip(zipSync({ [path]: new Uint8Array([1]) }), join(directory, 'to'))).toThrow(
      `the artifact has an entry outside its folder: ${path}`,
    );
    expect(existsSync(join(directory, 'outside'))).toBe(false);
  });

  test('writes nothing through a link', () => {
    const script = `import zipfile
z = zipfile.ZipFile('evil.zip', 'w')
link = zipfile.ZipInfo('a')
link.create_system = 3
link.external_attr = 0o120777 << 16
z.writestr(link, '${join(directory, 'victim')}')
z.writestr('a/planted', 'x')
z.close()`;
    mkdirSync(join(directory, 'victim'));
    execFileSync('python3', ['-c', script], { cwd: directory });
    expect(() => unzip(readFileSync(join(directory, 'evil.zip')), join(directory, 'to'))).toThrow(/EEXIST/);
    expect(existsSync(join(directory, 'victim', 'planted'))).toBe(false);
  });

  test('reports content that is not a zip file', () => {
    expect(() => unzip(Buffer.from('<Error>AccessDenied</Error> and so on'), join(directory, 'to'))).toThrow(
      /not a zip file/,
    );
  });
});

describe('the artifact bucket', () => {
  const requests: string[] = [];
  let status = 200;
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => {
      requests.push(`${request.method}`);
      response.writeHead(request.method === 'HEAD' ? status : 200).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => server.close());
  beforeEach(() => requests.splice(0));

  const open = () =>
    openArtifactStore({
      endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
      region: 'eu-west-1',
      bucket: 'artifacts',
      execution: 'shop',
    });

  test('is created when it does not exist', async () => {
    status = 404;
    await open();
    expect(requests).toEqual(['HEAD', 'PUT']);
  });

  test('is not changed when it exists', async () => {
    status = 200;
    await open();
    expect(requests).toEqual(['HEAD']);
  });

  test('is not created when S3 denies access to it', async () => {
    status = 403;
    await expect(open()).rejects.toThrow();
    expect(requests).toEqual(['HEAD']);
  });
});
