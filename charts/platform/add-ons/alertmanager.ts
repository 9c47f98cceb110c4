import type { EnvironmentFile } from '../../../lib/ledger';

/**
 * The routes of Alertmanager. Rollback alerts go to the agent, immediately and ungrouped. Pages and tickets go to the receivers of the catalog,
 * grouped by service. All other alerts show in Alertmanager, but notify no one.
 */
export function alertmanagerConfiguration({ agentUrl, receivers }: EnvironmentFile): object {
  const configured = (['page', 'ticket'] as const).flatMap((severity) => {
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
          // Every second of waiting counts against the rollback budget.
          group_wait: '0s',
          group_interval: '5s',
          group_by: ['...'],
          continue: true,
        },
        ...configured.map(({ severity }) => ({
          matchers: [`severity="${severity}"`],
          receiver: severity,
          ...(severity === 'page' ? { group_wait: '0s', repeat_interval: '1h' } : {}),
        })),
      ],
    },
    // A page about an error budget suppresses the ticket about the same budget.
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
      ...configured.map(({ severity, url }) => ({ name: severity, webhook_configs: [{ url, send_resolved: true }] })),
    ],
  };
}
