import { assess, type PresetName, presets, renderAssessmentTable, renderTimeline } from '../../../lib/rollout';

const demand = { requestsPerSecond: 200, errorRateLimit: 0.01, p99LimitSeconds: 0.5, rollbackBudgetSeconds: 60 };

describe('the table of an assessment', () => {
  const table = renderAssessmentTable(assess(presets.fast, demand));
  test('shows each fault with its time, its requests and its arithmetic', () => {
    expect(table).toMatch(
      /5 % errors, beginning later +30 to 50 s +up to 5,000 +V \+ \(T \+ 1\)·I \+ w = 9 \+ 4·10 \+ 1 = 50 s/,
    );
    expect(table).toMatch(/pods never become ready +45 to 57 s +none/);
  });

  test('names one request per second in the singular', () => {
    expect(renderAssessmentTable(assess(presets.fast, { ...demand, requestsPerSecond: 1 }))).toContain(
      'at 1 request per second\n',
    );
  });

  test('shows whether the budget is met', () => {
    expect(table).toMatch(/Longest exposure +56 s +budget 60 s: met/);
    expect(renderAssessmentTable(assess(presets.fast, { ...demand, rollbackBudgetSeconds: 48 }))).toMatch(
      /budget 48 s: EXCEEDED/,
    );
  });

  test('does not show a met budget where a slow release may be promoted', () => {
    const few = assess(presets.fast, { ...demand, requestsPerSecond: 5, rollbackBudgetSeconds: 600 });
    expect(few.unboundedFaults.map(({ fault }) => fault)).toEqual(['slow-from-start', 'slow-later']);
    const shown = renderAssessmentTable(few);
    expect(shown).toMatch(/over the p99 limit, from the first request +never/);
    expect(shown).toMatch(/Longest exposure +not bounded +\(slow release\); 56 s for the other faults, budget 600 s\n/);
    expect(shown).not.toContain(': met');
    expect(renderAssessmentTable(assess(presets.fast, { ...few.demand, rollbackBudgetSeconds: 48 }))).toMatch(
      /not bounded +\(slow release\); 56 s for the other faults, budget 48 s: EXCEEDED\n/,
    );
  });

  test('defines V, and says why a fault that begins later may have the formula of one from the first request', () => {
    expect(table).toContain('beginning later: W·limit/fault + s');
    expect(table).toMatch(
      /k = 2, the number of the first check later than V \+ w = 16 s; too few samples for a p99 until then/,
    );
  });

  test('shows which checks have too few requests for the p99', () => {
    const few = renderAssessmentTable(assess(presets.fast, { ...demand, requestsPerSecond: 50 }));
    expect(few).toMatch(/1 +5 % +10 s +25 +checks errors; p99 needs 100/);
    expect(few).toMatch(/3 +25 % +30 s +175 +checks errors and p99/);
  });

  test('shows how often random bad requests pass the first check, which the worst cases do not cover', () => {
    // At most 1 of 100 requests is bad, where each is bad with a probability of 5 %: 0.95^100 + 100·0.05·0.95^99.
    expect(table).toMatch(
      /First check passed by chance +3\.7 % +If bad requests are random, .* and the rollback is 10 s later\./,
    );
  });

  test('has no trailing blanks', () => {
    expect(table).not.toMatch(/[ \t]\n/);
  });
});

describe('the timeline', () => {
  test.each(Object.keys(presets) as PresetName[])(
    'of %s is reproducible, self-contained, and has no invalid numbers',
    (name) => {
      const svg = renderTimeline(assess(presets[name], demand));
      expect(renderTimeline(assess(presets[name], demand))).toBe(svg);
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|<script|NaN|Infinity|undefined/);
      expect(svg.startsWith('<svg ')).toBe(true);
      expect(svg.match(/<(?:text|title|svg)[ >]/g)?.length).toBe((svg.match(/<\/(?:text|title|svg)>/g) ?? []).length);
    },
  );

  test('shows the weights, both outcomes and the budget', () => {
    const svg = renderTimeline(assess(presets.fast, demand));
    for (const words of ['>5 %<', '>50 %<', 'promoted, 60 s', 'rolled back, 40 s', 'budget 60 s']) {
      expect(svg).toContain(words);
    }
  });

  test('has no invalid numbers where a fault is never detected', () => {
    const svg = renderTimeline(assess(presets.fast, { ...demand, requestsPerSecond: 1 }));
    expect(svg).toContain('not in every case');
    expect(svg).toContain('A slow release may be promoted. Other bad releases reach users for at most 56 s');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test('marks faults that exceed the budget', () => {
    expect(renderTimeline(assess(presets.fast, { ...demand, rollbackBudgetSeconds: 30 }))).toMatch(
      /<rect[^>]*fill="#c0392b"/,
    );
  });
});
