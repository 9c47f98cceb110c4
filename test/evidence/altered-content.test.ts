import fc from 'fast-check';
import { type EvidenceReaders, judge, parsePublicKeys, type RegistryAnswer, readFacts } from '../../lib/verify';
import { newPublicKey } from './public-key';
import { world } from './world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');

/** Verifies the good evidence with a registry that changes the n-th content it returns. */
async function verifyWith(
  nth: number,
  change: (text: string) => string,
): Promise<{ outcome: string; contents: number }> {
  const { location, readers, expected, now } = world({});
  let contents = 0;
  const changed = (answer: RegistryAnswer): RegistryAnswer =>
    answer.kind === 'content' && contents++ === nth ? { kind: 'content', text: change(answer.text) } : answer;
  const altered: EvidenceReaders = {
    ...readers,
    registry: {
      manifest: async (...which) => changed(await readers.registry.manifest(...which)),
      blob: async (...which) => changed(await readers.registry.blob(...which)),
    },
  };
  const { outcome } = judge({ location, facts: await readFacts(altered, location, keys), expected, now });
  return { outcome, contents };
}

test('the index, and the manifest and the configuration of each platform are read', async () => {
  expect(await verifyWith(-1, (text) => text)).toEqual({ outcome: 'verified', contents: 5 });
});

test('no content with a changed character is verified', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(4),
      fc.nat(2000),
      fc.string({ minLength: 1, maxLength: 1 }),
      async (nth, place, character) => {
        let isChanged = true;
        const { outcome } = await verifyWith(nth, (text) => {
          const index = place % text.length;
          isChanged = text[index] !== character;
          return text.slice(0, index) + character + text.slice(index + 1);
        });
        fc.pre(isChanged);
        expect(outcome).toBe('inconclusive');
      },
    ),
  );
});

test('no content that is cut off or prolonged is verified', async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(4), fc.nat(2000), fc.boolean(), async (nth, place, prolong) => {
      const { outcome } = await verifyWith(nth, (text) =>
        prolong ? `${text}${' '.repeat(1 + (place % 5))}` : text.slice(0, place % text.length),
      );
      expect(outcome).toBe('inconclusive');
    }),
  );
});
