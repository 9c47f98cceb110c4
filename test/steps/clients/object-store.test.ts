import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { objectStore } from '../../../lib/steps/clients/object-store';

interface SeenRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

let server: Server;
let requests: SeenRequest[];
let answers: { readonly status: number; readonly code?: string; readonly body?: string }[];

beforeEach(async () => {
  requests = [];
  answers = [];
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      requests.push({
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

test('writes an object on the condition that it does not exist', async () => {
  expect(await put()).toBe(true);
  expect(requests).toEqual([{ method: 'PUT', path: '/acme-binaries/hello/x', ifNoneMatch: '*' }]);
});

test('does not overwrite an existing object, and says so', async () => {
  answers = [{ status: 412, code: 'PreconditionFailed' }];
  expect(await put()).toBe(false);
});

test('retries a write that conflicted with another: the answer does not say whether the object exists', async () => {
  answers = [conflict, conflict, { status: 412, code: 'PreconditionFailed' }];
  expect(await put()).toBe(false);
  answers = [conflict];
  expect(await put()).toBe(true);
  expect(requests).toHaveLength(5);
});

test('a write that conflicts every time fails with write-contended', async () => {
  answers = Array.from({ length: 9 }, () => conflict);
  await expect(put()).rejects.toMatchObject({ code: 'write-contended', exitCode: 1 });
  expect(requests).toHaveLength(5);
});

test('a missing object is undefined, a missing bucket is an error', async () => {
  answers = [{ status: 404, code: 'NoSuchKey' }];
  expect(await store().get('hello/x')).toBeUndefined();
  answers = [{ status: 404, code: 'NoSuchBucket' }];
  await expect(store().get('hello/x')).rejects.toMatchObject({ name: 'NoSuchBucket' });
});

test('never creates a bucket', async () => {
  answers = [{ status: 404, code: 'NoSuchBucket' }];
  await expect(put()).rejects.toMatchObject({ name: 'NoSuchBucket' });
  expect(requests.map(({ path }) => path)).toEqual(['/acme-binaries/hello/x']);
});

test('returns the content unchanged', async () => {
  answers = [{ status: 200, body: 'text' }];
  expect(Buffer.from((await store().get('hello/x')) ?? '').toString()).toBe('text');
});
