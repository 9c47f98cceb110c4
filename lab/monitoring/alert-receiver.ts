import { appendFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** An alert that a receiver got. */
export interface ReceivedAlert {
  /** Unix milliseconds. */
  readonly at: number;
  /** The receiver: the last path segment of the webhook. */
  readonly receiver: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
}

/** Base URL of the webhooks in the lab's catalog. */
export function alertReceiverUrl(layout: Layout): string {
  return `http://${layout.node.address}:${layout.ports.alerts}`;
}

/** The record of received alerts: one JSON object per line. */
export function receivedAlertsPath(layout: Layout): string {
  return within(layout, 'alerts.jsonl');
}

/** Replaces the agent and the receivers of pages and tickets: accepts every alert, and records when it arrived. */
export function alertReceiver(layout: Layout, serve: readonly string[]): Server {
  const { address } = layout.node;
  return {
    kind: 'server',
    name: 'alert-receiver',
    version: 'own',
    needs: ['network'],
    program: process.execPath,
    arguments: [...serve, 'alerts', address, String(layout.ports.alerts), receivedAlertsPath(layout)],
    ready: { kind: 'http', url: `${alertReceiverUrl(layout)}/ready` },
    deadlineSeconds: 30,
    graceSeconds: 1,
  };
}

/** Parses the body of a webhook (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). @throws Error if the body is invalid */
export function parseAlerts(path: string, body: string, at: number): readonly ReceivedAlert[] {
  const { alerts } = JSON.parse(body) as {
    readonly alerts: readonly {
      readonly status: ReceivedAlert['status'];
      readonly labels: Readonly<Record<string, string>>;
    }[];
  };
  const receiver = path.split('/').pop() ?? '';
  return alerts.map(({ status, labels }) => ({ at, receiver, name: labels.alertname ?? '', status, labels }));
}

/** Parses a line of the record; undefined if the line is incomplete. */
export function parseReceivedAlert(line: string): ReceivedAlert | undefined {
  try {
    return JSON.parse(line) as ReceivedAlert;
  } catch {
    return undefined;
  }
}

/** Serves the webhooks, and appends each alert to the record. */
export function receiveAlerts(host: string, port: number, record: string): Promise<HttpServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(200).end();
      return;
    }
    try {
      for (const alert of parseAlerts(request.url ?? '', await readBody(request), Date.now())) {
        appendFileSync(record, `${JSON.stringify(alert)}\n`);
      }
      response.writeHead(200).end();
    } catch (error) {
      process.stdout.write(`invalid webhook: ${(error as Error).message}\n`);
      response.writeHead(400).end();
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
