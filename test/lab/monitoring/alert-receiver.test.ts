import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAlerts, parseReceivedAlert, receiveAlerts } from '../../../lab/monitoring/alert-receiver';

const body = JSON.stringify({
  version: '4',
  receiver: 'agent',
  alerts: [
    { status: 'firing', labels: { alertname: 'CanarySlow', service: 'hello' }, startsAt: '2026-11-25T18:00:00Z' },
  ],
});
const received = {
  receiver: 'alerts',
  name: 'CanarySlow',
  status: 'firing',
  labels: { alertname: 'CanarySlow', service: 'hello' },
};

test('parses the alerts in a webhook of Alertmanager, with the receiver from its path', () => {
  expect(parseAlerts('/alerts', body, 5)).toEqual([{ at: 5, ...received }]);
  expect(() => parseAlerts('/alerts', '{}', 5)).toThrow();
});

test('records a received alert, and ignores an incomplete line of the record', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'alerts-'));
  const record = join(folder, 'alerts.jsonl');
  const server = await receiveAlerts('127.0.0.1', 0, record);
  const { port } = server.address() as AddressInfo;
  try {
    const post = (text: string) => fetch(`http://127.0.0.1:${port}/alerts`, { method: 'POST', body: text });
    expect((await post(body)).status).toBe(200);
    expect((await post('nonsense')).status).toBe(400);
    const [line = '', ...rest] = readFileSync(record, 'utf8').trim().split('\n');
    expect(parseReceivedAlert(line)).toMatchObject(received);
    expect(parseReceivedAlert(line.slice(0, 20))).toBeUndefined();
    expect(rest).toEqual([]);
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
