import type { EnvironmentFile } from '../../../lib/ledger';

/**
 * Where alerts go. First those that take a release back, to the agent, at once and each alone; then pages and tickets, grouped by service.
 * An alert of none of these is kept and shown, and wakes nobody.
 */
export function alertmanagerConfiguration({ agentUrl, receivers }: EnvironmentFile): object {
  const named = (['page', 'ticket'] as const).flatMap((severity) => {
    const url = receivers[severity];
    return url === undefined ? [] : [{ severity, url }];
  });
  return {
    route: {
      receiver: 'nobody',
      group_by: ['service', 'environment', 'alertname'],
      group_wait: '10s',
      group_interval: '1m',
      repeat_interval: '4h',
      routes: [
        {
          matchers: ['action="rollback"'],
          receiver: 'agent',
          // Every second counts against the rollback budget.
          group_wait: '0s',
          group_interval: '5s',
          group_by: ['...'],
          continue: true,
        },
        ...named.map(({ severity }) => ({
          matchers: [`severity="${severity}"`],
          receiver: severity,
          ...(severity === 'page' ? { group_wait: '0s', repeat_interval: '1h' } : {}),
        })),
      ],
    },
    // Who is woken needs no ticket about the same.
    inhibit_rules: [
      {
        source_matchers: ['alertname="ErrorBudgetBurn"', 'severity="page"'],
        target_matchers: ['alertname="ErrorBudgetBurn"', 'severity="ticket"'],
        equal: ['service', 'environment'],
      },
    ],
    receivers: [
      { name: 'nobody' },
      { name: 'agent', webhook_configs: [{ url: `${agentUrl}/alerts`, send_resolved: true }] },
      ...named.map(({ severity, url }) => ({ name: severity, webhook_configs: [{ url, send_resolved: true }] })),
    ],
  };
}
