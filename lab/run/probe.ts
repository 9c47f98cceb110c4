import { readFileSync } from 'node:fs';
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';
import { createConnection } from 'node:net';
import type { Probe } from './component';

/** Whether a component serves, asked once; a second without an answer is a no. */
export async function passes(probe: Probe): Promise<boolean> {
  switch (probe.kind) {
    case 'http':
      return answers(probe.url, probe.certificate, probe.contains);
    case 'socket':
      return connects({ path: probe.path });
    case 'port':
      return connects({ host: probe.host, port: probe.port });
    case 'check':
      return probe.passes().catch(() => false);
  }
}

/** Where a probe asks; undefined where it is no port. */
export function portOf(probe: Probe): { readonly host: string; readonly port: number } | undefined {
  switch (probe.kind) {
    case 'http': {
      const { hostname, port, protocol } = new URL(probe.url);
      return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80) };
    }
    case 'port':
      return { host: probe.host, port: probe.port };
    case 'socket':
    case 'check':
      return undefined;
  }
}

function answers(url: string, certificate: string | undefined, contains: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: 1000, agent: false } as const;
    const secure = url.startsWith('https:');
    let authority: string | undefined;
    try {
      authority = certificate === undefined ? undefined : readFileSync(certificate, 'utf8');
    } catch {
      resolve(false);
      return;
    }
    // Without an authority the certificate is one that a component made for itself, on loopback.
    const request = secure
      ? getSecure(url, { ...options, ca: authority, rejectUnauthorized: authority !== undefined })
      : getPlain(url, options);
    request.on('response', (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () =>
        resolve(response.statusCode === 200 && (contains === undefined || body.includes(contains))),
      );
      response.on('error', () => resolve(false));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

function connects(
  target: { readonly path: string } | { readonly host: string; readonly port: number },
): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ ...target, timeout: 1000 });
    const finish = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => finish(true));
    socket.once('timeout', () => finish(false));
    socket.once('error', () => finish(false));
  });
}
