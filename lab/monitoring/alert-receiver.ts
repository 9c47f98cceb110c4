import { appendFileSync } from 'node:fs';
import { createServer, type Server as HttpServer, type IncomingMessage } from 'node:http';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** One alert as it reached a receiver. */
export interface ReceivedAlert {
  /** Unix milliseconds. */
  readonly at: number;
  /** Of which receiver: the last word of the webhook's path. */
  readonly receiver: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
}

/** Where Alertmanager's webhooks of the lab lead: to whom the catalog's agent and receivers would be. */
export function alertReceiverUrl(layout: Layout): string {
  return `http://${layout.node.address}:${layout.ports.alerts}`;
}

/** What was received, one JSON object a line. */
export function receivedAlertsPath(layout: Layout): string {
  return within(layout, 'alerts.jsonl');
}

/** Stands in for the agent, and for whoever is on call: takes every alert, and writes down when it came. */
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

/** The alerts in a webhook's body (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config). @throws Error where it is none */
export function alertsIn(path: string, body: string, at: number): readonly ReceivedAlert[] {
  const { alerts } = JSON.parse(body) as {
    readonly alerts: readonly {
      readonly status: ReceivedAlert['status'];
      readonly labels: Readonly<Record<string, string>>;
    }[];
  };
  const receiver = path.split('/').pop() ?? '';
  return alerts.map(({ status, labels }) => ({ at, receiver, name: labels.alertname ?? '', status, labels }));
}

/** A line of the record; undefined for half a line. */
export function parseReceivedAlert(line: string): ReceivedAlert | undefined {
  try {
    return JSON.parse(line) as ReceivedAlert;
  } catch {
    return undefined;
  }
}

/** Answers Alertmanager, and appends each alert to the record. */
export function receiveAlerts(host: string, port: number, record: string): Promise<HttpServer> {
  const server = createServer(async (request, response) => {
    if (request.method !== 'POST') {
      response.writeHead(200).end();
      return;
    }
    try {
      for (const alert of alertsIn(request.url ?? '', await bodyOf(request), Date.now())) {
        appendFileSync(record, `${JSON.stringify(alert)}\n`);
      }
      response.writeHead(200).end();
    } catch (error) {
      process.stdout.write(`no alerts: ${(error as Error).message}\n`);
      response.writeHead(400).end();
    }
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
