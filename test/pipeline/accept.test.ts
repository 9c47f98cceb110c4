import { App, Stack, aws_s3 as s3 } from 'aws-cdk-lib';
import { accept } from '../../lib/pipeline/accept';
import { pullRequestsOf, synthesize } from './synthesize';

test('a template contains all accepted findings of a resource with their reasons', () => {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'S');
  const bucket = new s3.Bucket(stack, 'B');
  accept(bucket, { checkov: ['CKV_AWS_18'], reason: 'no log' });
  accept(bucket, { checkov: ['CKV_AWS_21'], reason: 'no versions' });
  const [resource] = Object.values(
    app.synth().getStackByName('S').template.Resources as Record<string, { Metadata: unknown }>,
  );
  expect(resource?.Metadata).toEqual({
    checkov: {
      skip: [
        { id: 'CKV_AWS_18', comment: 'no log' },
        { id: 'CKV_AWS_21', comment: 'no versions' },
      ],
    },
  });
});

test('few checks are accepted, each with a reason', () => {
  const templates = JSON.stringify([...synthesize({ pullRequests: pullRequestsOf() }).templates.values()]);
  const skips = [...templates.matchAll(/\{"id":"(CKV[^"]+)","comment":"([^"]+)"\}/g)].map(
    ([, id = '', comment = '']) => ({ id, comment }),
  );
  expect([...new Set(skips.map(({ id }) => id))].sort()).toEqual([
    'CKV_AWS_136',
    'CKV_AWS_158',
    'CKV_AWS_18',
    'CKV_AWS_26',
    'CKV_AWS_51',
  ]);
  for (const { comment } of skips) {
    expect(comment.length).toBeGreaterThan(30);
  }
});
