import type { Catalog } from '../../../lib/catalog';
import { accountOf } from '../../iam/account';
import { onCodeCommit, onGitHub } from '../rich-platforms';
import { synthesize } from '../synthesize';

type Trust = Catalog['platform']['pipeline']['trust'];

/** Service and resource that use each role, on GitHub and on CodeCommit. */
const usedBy: Readonly<Record<string, string>> = {
  'acme-hello-build': 'codebuild project/acme-hello-build',
  'acme-hello-pr': 'codebuild project/acme-hello-pr',
  'acme-hello-run': 'codepipeline acme-hello',
  'acme-hello-start': 'events rule/acme-hello-push',
  'acme-orders-build': 'codebuild project/acme-orders-build',
  'acme-orders-pr': 'codebuild project/acme-orders-pr',
  'acme-orders-run': 'codepipeline acme-orders',
  'acme-orders-start': 'events rule/acme-orders-push',
  'acme-promote': 'codebuild project/acme-promote',
  'acme-releases': 'codebuild project/acme-releases',
  'acme-rescan': 'codebuild project/acme-rescan',
  'acme-rescan-pipeline': 'codepipeline acme.rescan',
  'acme-rescan-schedule': 'events rule/acme-rescan-daily',
  'acme-role-events': 'events rule/acme-roles-tampered',
  'acme-scan': 'codebuild project/acme-scan',
  'acme-sign': 'codebuild project/acme-sign',
  'acme-toolbox': 'codebuild project/acme-toolbox',
};

function trustOf(trust: Trust | undefined) {
  return [onGitHub, onCodeCommit].flatMap((props) => {
    const { platform, services } = props.parsed as Catalog;
    const pipeline = { ...platform.pipeline, ...(trust === undefined ? {} : { trust }) };
    const account = accountOf(synthesize({ ...props, parsed: { platform: { ...platform, pipeline }, services } }));
    return [...account.roles].map(([name, role]) => ({ name, statements: role.trust }));
  });
}

function expected(name: string, namesResource: boolean) {
  const [service, resource] = (usedBy[name] ?? '').split(' ');
  const region = name === 'acme-role-events' ? 'us-east-1' : 'eu-west-1';
  const conditions = [{ operator: 'StringEquals', key: 'aws:SourceAccount', values: ['111111111111'] }];
  if (namesResource) {
    const arn = `arn:aws:${service}:${region}:111111111111:${resource}`;
    conditions.push({ operator: 'ArnEquals', key: 'aws:SourceArn', values: [arn] });
  }
  return {
    name,
    statements: [
      {
        effect: 'Allow',
        actions: ['sts:AssumeRole'],
        resources: [],
        principals: [{ kind: 'service', name: `${service}.amazonaws.com` }],
        conditions,
      },
    ],
  };
}

describe('the trust of a role', () => {
  test('of CodeBuild names the project; of CodePipeline and EventBridge it names the account', () => {
    const roles = trustOf(undefined);
    expect(new Set(roles.map(({ name }) => name))).toEqual(new Set(Object.keys(usedBy)));
    for (const role of roles) {
      expect(role).toEqual(expected(role.name, usedBy[role.name]?.startsWith('codebuild ') ?? false));
    }
  });

  test('names also the pipeline or the rule with `trust: resource`', () => {
    for (const role of trustOf('resource')) {
      expect(role).toEqual(expected(role.name, true));
    }
  });
});
