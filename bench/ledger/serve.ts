import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGit } from '../../lab/git/http-backend';

/** Serves the repositories of a folder like a git host. The server runs in another process than what is measured. */
export async function serveRepositories(root: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => answerGit(request, response, { root, environment: process.env }));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () => new Promise((done) => server.close(() => done())),
  };
}
