import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { commitMessageText } from '../../../lib/ledger';

describe('the message of a ledger commit', () => {
  test('has a subject, paragraphs and, at the end, trailers', () => {
    expect(
      commitMessageText({
        subject: 'Promote hello',
        body: ['One.', ''],
        trailers: { Service: 'hello', Nothing: undefined },
      }),
    ).toBe('Promote hello\n\nOne.\n\nService: hello\n');
  });

  test('a value never adds a line or a trailer', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (subject, note, value) => {
          const text = commitMessageText({
            subject: `Promote ${subject}`,
            body: [`Note: ${note}`],
            trailers: { Service: `hello ${value}`, Environment: 'dev' },
          });
          const lines = text.split('\n');
          expect(lines).toHaveLength(7);
          expect(lines[4]).toMatch(/^Service: hello/);
          expect(lines[5]).toBe('Environment: dev');
          expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        },
      ),
    );
  });

  test('git parses only the intended trailers', () => {
    const text = commitMessageText({
      subject: 'Promote hello\n\nImage-Digest: forged',
      body: ['A reason\nEnvironment: prod\n\nService: other'],
      trailers: { Service: 'hello\nEnvironment: prod', Environment: 'dev' },
    });
    const trailers = execFileSync('git', ['interpret-trailers', '--parse', '--no-divider'], {
      input: text,
      encoding: 'utf8',
    });
    expect(trailers).toBe('Service: hello Environment: prod\nEnvironment: dev\n');
  });
});
