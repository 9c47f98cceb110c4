import { readFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { createConnection } from 'node:net';
import type { Probe } from './component';

/** Runs a readiness probe once, with a timeout of one second. */
export async function runProbe(probe: Probe): Promise<boolean> {
  switch (probe.kind) {
    case 'http':
      return respondsOverHttp(probe);
    case 'socket':
      return acceptsConnection({ path: probe.path });
    case 'port':
      return acceptsConnection({ host: probe.host, port: probe.port });
    case 'check':
      return probe.passes().catch(() => false);
  }
}

/** The address that a probe connects to; undefined if it does not connect to a port. */
export function probeAddress(probe: Probe): { readonly host: string; readonly port: number } | undefined {
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

function respondsOverHttp({ url, certificate, contains }: Probe & { readonly kind: 'http' }): Promise<boolean> {
  return new Promise((resolve) => {
    const options = { timeout: 1000, agent: false } as const;
    let ca: string | undefined;
    try {
      ca = certificate === undefined ? undefined : readFileSync(certificate, 'utf8');
    } catch {
      resolve(false);
      return;
    }
    // Without a CA, the server is on loopback and its certificate is self-signed.
    const request = url.startsWith('https:')
      ? getHttps(url, { ...options, ca, rejectUnauthorized: ca !== undefined })
      : getHttp(url, options);
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

function acceptsConnection(
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
