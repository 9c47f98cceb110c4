import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog, parseCatalog } from '../../../lib/catalog';
import { type Account, accountOf } from '../../iam/account';
import { type Assembly, catalogOf, exampleCatalog, type Resource, synthesize } from '../synthesize';

const platform = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
const withKeys = (keys: string) => catalogOf({ platform: `${platform}signingKeys: ${keys}\n` });
const stackOf = (assembly: Assembly) => assembly.templates.get('acme-keys')?.Resources ?? {};
const ofType = (resources: Readonly<Record<string, Resource>>, type: string) =>
  Object.entries(resources).filter(([, resource]) => resource.Type === type);
const aliasOf = (resources: Readonly<Record<string, Resource>>, name: string) =>
  ofType(resources, 'AWS::KMS::Alias').find(([, { Properties }]) => Properties.AliasName === name) as [
    string,
    Resource,
  ];

const before = synthesize();
const during = synthesize({ parsed: withKeys('{ production: [1, 2] }') });
const after = synthesize({ parsed: withKeys('{ production: [2] }') });

describe('a key rotation', () => {
  test('keeps the previous key and creates a new one', () => {
    const keys = (assembly: Assembly) => ofType(stackOf(assembly), 'AWS::KMS::Key').map(([id]) => id);
    expect(keys(before)).toHaveLength(2);
    expect(keys(during)).toEqual(expect.arrayContaining(keys(before)));
    expect(keys(during)).toHaveLength(3);
    for (const [, { DeletionPolicy }] of ofType(stackOf(during), 'AWS::KMS::Key')) {
      expect(DeletionPolicy).toBe('RetainExceptOnCreate');
    }
  });

  test('moves the alias to the new key', () => {
    const [idBefore, aliasBefore] = aliasOf(stackOf(before), 'alias/acme-production');
    const [idDuring, aliasDuring] = aliasOf(stackOf(during), 'alias/acme-production');
    expect(idDuring).toBe(idBefore);
    expect(aliasDuring.Properties.TargetKeyId).not.toEqual(aliasBefore.Properties.TargetKeyId);
    expect(aliasOf(stackOf(after), 'alias/acme-production')).toEqual([idBefore, aliasDuring]);
    expect(aliasOf(stackOf(during), 'alias/acme-nonproduction')).toEqual(
      aliasOf(stackOf(before), 'alias/acme-nonproduction'),
    );
  });

  test('changes no other stack, because sign uses the alias', () => {
    for (const [name, template] of before.templates) {
      if (name !== 'acme-keys') {
        expect(during.templates.get(name)).toEqual(template);
      }
    }
  });

  test('leaves a previous key with which no identity can sign', () => {
    const account: Account = accountOf(during, {
      administrator: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } },
    });
    const previousKey = ofType(stackOf(before), 'AWS::KMS::Key')
      .map(([id]) => `arn:aws:kms:eu-west-1:111111111111:key/${id}`)
      .find((arn) => ![...account.keys.values()].includes(arn)) as string;
    expect(previousKey).toBeDefined();
    expect(account.whoMay('kms:Sign', previousKey)).toEqual([]);
    expect(account.whoMay('kms:Sign', account.keys.get('alias/acme-production') as string)).toEqual(['acme-sign']);
  });

  test('monitors both keys by ID and ARN', () => {
    for (const name of ['acme-other-signer', 'acme-key-changed']) {
      const pattern = JSON.stringify(
        ofType(stackOf(during), 'AWS::Events::Rule').find(([, { Properties }]) => Properties.Name === name),
      );
      for (const [id] of ofType(stackOf(during), 'AWS::KMS::Key')) {
        expect(pattern).toContain(`{"Ref":"${id}"}`);
        expect(pattern).toContain(`{"Fn::GetAtt":["${id}","Arn"]}`);
      }
    }
  });
});

test.each([
  ['{ prodution: [1] }', '"nearMiss":"production"'],
  ['{ production: [] }', 'at least one key'],
  ['{ production: [2, 1] }', 'ascending numbers'],
  ['{ production: [1, 1] }', 'ascending numbers'],
  ['{ production: [0] }', 'a number of at least 1'],
])('signingKeys: %s is an error of the catalog', (keys, message) => {
  const result = parseCatalog({ file: 'platform.yaml', text: `${platform}signingKeys: ${keys}\n` }, []);
  expect(result.ok).toBe(false);
  expect(JSON.stringify(result)).toContain(message);
});

test('the example has its keys', () => {
  expect(loadCatalog(exampleCatalog)).toMatchObject({ platform: { signingKeys: {} } });
});
