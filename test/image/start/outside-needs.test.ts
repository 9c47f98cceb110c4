import { outsideNeeds } from '../../../lib/image/start';
import { parseShop } from './services';

const needs = (lines: string) => outsideNeeds(parseShop(lines).service);

test.each([
  ['nothing', '', []],
  [
    'a secret of any environment',
    'environments: { prod: { secrets: { DB_PASSWORD: { name: db, key: password } } } }',
    ['the secret DB_PASSWORD'],
  ],
  ['an address range', 'network: { to: [{ cidr: 10.0.0.0/8, port: 5432 }] }', ['10.0.0.0/8 port 5432']],
  ['a URL', 'environments: { dev: { settings: { DB: "postgres://db.shop/orders" } } }', ['the host in DB']],
  ['a host with a port', 'environments: { dev: { settings: { REDIS: "redis:6379" } } }', ['the host in REDIS']],
  [
    'one of several hosts',
    'environments: { dev: { settings: { KAFKA: "localhost:1,kafka:9092" } } }',
    ['the host in KAFKA'],
  ],
  [
    'a data source name',
    'environments: { dev: { settings: { DSN: "u:p@tcp(db:3306)/orders" } } }',
    ['the host in DSN'],
  ],
])('a service needs %s', (_, lines, expected) => {
  expect(needs(lines)).toEqual(expected);
});

test.each(['info', '8080', 'true', 'localhost:6379', 'http://127.0.0.1:9000/', ':9090', '10:30', 'file:///etc/a'])(
  'a setting %s names no other host',
  (value) => {
    expect(needs(`environments: { dev: { settings: { VALUE: "${value}" } } }`)).toEqual([]);
  },
);

test('start.settings stand in for a secret and for a setting', () => {
  const lines = [
    'environments: { dev: { secrets: { TOKEN: { name: a, key: b } }, settings: { DB: "db:5432" } } }',
    'start: { settings: { TOKEN: x, DB: "localhost:1" } }',
  ];
  expect(needs(lines.join('\n'))).toEqual([]);
});
