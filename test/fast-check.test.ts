import fc from 'fast-check';

test('a property meets the same values in every run, unless FC_SEED says otherwise', () => {
  const met = () => {
    const values: number[] = [];
    fc.assert(
      fc.property(fc.integer(), (value) => values.push(value) > 0),
      { numRuns: 20 },
    );
    return values;
  };
  const seed = process.env.FC_SEED ?? '20260101';
  if (seed !== 'random') {
    expect(fc.readConfigureGlobal().seed).toBe(Number(seed));
    expect(met()).toEqual(met());
  }
});
