import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objectStore } from '../../../lib/steps/clients/object-store';

interface Asked {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

let server: Server;
let asked: Asked[];
let answers: { readonly status: number; readonly code?: string; readonly body?: string }[];

beforeEach(async () => {
  asked = [];
  answers = [];
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      asked.push({
        method: request.method,
        path: request.url?.split('?')[0],
        ifNoneMatch: request.headers['if-none-match'],
      });
      const { status, code, body } = answers.shift() ?? { status: 200 };
      response.writeHead(status, { 'content-type': 'application/xml' });
      response.end(body ?? (code === undefined ? '' : `<Error><Code>${code}</Code><Message>so</Message></Error>`));
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
});
afterEach(() => void server.close());

const store = () =>
  objectStore(
    {
      region: 'eu-west-1',
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      credentials: async () => ({ accessKeyId: 'AKID', secretAccessKey: 'secret' }),
    },
    'acme-binaries',
    0,
  );
const put = () => store().putNew('hello/x', Buffer.from('text'));
const conflict = { status: 409, code: 'ConditionalRequestConflict' };

test('an object is written with the demand that there is none', async () => {
  expect(await put()).toBe(true);
  expect(asked).toEqual([{ method: 'PUT', path: '/acme-binaries/hello/x', ifNoneMatch: '*' }]);
});

test('one that is there is left, and said to be there', async () => {
  answers = [{ status: 412, code: 'PreconditionFailed' }];
  expect(await put()).toBe(false);
});

test('a write that met another is tried again: nothing is known of what lies there', async () => {
  answers = [conflict, conflict, { status: 412, code: 'PreconditionFailed' }];
  expect(await put()).toBe(false);
  answers = [conflict];
  expect(await put()).toBe(true);
  expect(asked).toHaveLength(5);
});

test('a write that others cross again and again says so, and not that somebody else wrote the object', async () => {
  answers = Array.from({ length: 9 }, () => conflict);
  await expect(put()).rejects.toMatchObject({ code: 'write-contended', exitCode: 1 });
  expect(asked).toHaveLength(5);
});

test('an object that is missing is undefined, a bucket that is missing is trouble', async () => {
  answers = [{ status: 404, code: 'NoSuchKey' }];
  expect(await store().get('hello/x')).toBeUndefined();
  answers = [{ status: 404, code: 'NoSuchBucket' }];
  await expect(store().get('hello/x')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('no bucket is made, wherever S3 is', async () => {
  answers = [{ status: 404, code: 'NoSuchBucket' }];
  await expect(put()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  expect(asked.map(({ path }) => path)).toEqual(['/acme-binaries/hello/x']);
});

test('what lies there is given as it is', async () => {
  answers = [{ status: 200, body: 'text' }];
  expect(Buffer.from((await store().get('hello/x')) ?? '').toString()).toBe('text');
});
