import fc from 'fast-check';
import { parseNetrc, renderNetrc } from '../../../lib/steps/modules/netrc';

test('an entry has a machine, a login and a password, on one line or several', () => {
  const text = 'machine a.example login me password one\nmachine b.example\n  login you\n  password two\n';
  expect(parseNetrc(text)).toEqual([
    { machine: 'a.example', login: 'me', password: 'one' },
    { machine: 'b.example', login: 'you', password: 'two' },
  ]);
});

test.each([
  ['an entry without a password', 'machine a.example login me\n', []],
  ['a default entry', 'default login me password one\n', []],
  ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n', []],
  ['JSON', '{"machine": "a.example"}', []],
  ['no text', '', []],
])('%s is no entry', (_, text, expected) => {
  expect(parseNetrc(text)).toEqual(expected);
});

test('a macro is passed over up to its empty line', () => {
  const text = 'macdef init\nmachine x.example login x password x\n\nmachine a.example login me password one\n';
  expect(parseNetrc(text).map(({ machine }) => machine)).toEqual(['a.example']);
});

test('what is rendered is parsed again', () => {
  const word = fc.stringMatching(/^[A-Za-z0-9._~!@#$%^&*-]{1,20}$/);
  const entries = fc.array(fc.record({ machine: word, login: word, password: word }));
  fc.assert(fc.property(entries, (list) => expect(parseNetrc(renderNetrc(list))).toEqual(list)));
});

test('an entry with white space is left out, because it would become another entry', () => {
  expect(renderNetrc([{ machine: 'a', login: 'me', password: 'one\nmachine b' }])).toBe('');
});
