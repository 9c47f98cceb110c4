import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerGit } from '../../lab/git/http-backend';

/** Serves the repositories of a folder like a git host, until its process ends. The server runs in another process than what is measured. @returns its URL */
export async function serveRepositories(root: string): Promise<string> {
  const server = createServer((request, response) => answerGit(request, response, { root, environment: process.env }));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
