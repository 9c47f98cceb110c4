import { assess, type PresetName, presets, renderAssessmentTable, renderTimeline } from '../../../lib/rollout';

const demand = { requestsPerSecond: 200, errorRateLimit: 0.01, p99LimitSeconds: 0.5, rollbackBudgetSeconds: 60 };

describe('the table of an assessment', () => {
  const table = renderAssessmentTable(assess(presets.fast, demand));
  test('says each fault with its time, its requests and its arithmetic', () => {
    expect(table).toMatch(
      /5 % errors, beginning later +30 to 50 s +up to 5,000 +V \+ \(T \+ 1\)·I \+ w = 9 \+ 4·10 \+ 1 = 50 s/,
    );
    expect(table).toMatch(/pods that never get ready +45 to 57 s +none/);
  });

  test('says whether the budget is kept', () => {
    expect(table).toMatch(/Longest exposure +56 s +budget 60 s: kept/);
    expect(renderAssessmentTable(assess(presets.fast, { ...demand, rollbackBudgetSeconds: 48 }))).toMatch(
      /budget 48 s: BROKEN/,
    );
  });

  test('says which checks have too few requests for the p99', () => {
    const few = renderAssessmentTable(assess(presets.fast, { ...demand, requestsPerSecond: 50 }));
    expect(few).toMatch(/1 +5 % +10 s +25 +judges errors; p99 takes 100/);
    expect(few).toMatch(/3 +25 % +30 s +175 +judges errors and p99/);
  });

  test('says how often bad requests at random pass the first check, for which nothing is promised', () => {
    // At most 1 bad one of 100, where each is bad with 5 %: 0.95^100 + 100·0.05·0.95^99.
    expect(table).toMatch(/First check passed by luck +3\.7 % +where bad requests come at random: 10 s on top/);
  });

  test('has no blanks at the ends of its lines', () => {
    expect(table).not.toMatch(/[ \t]\n/);
  });
});

describe('the timeline', () => {
  test.each(Object.keys(presets) as PresetName[])(
    'of %s is the same bytes twice, refers to nothing outside, and holds no number that is none',
    (name) => {
      const svg = renderTimeline(assess(presets[name], demand));
      expect(renderTimeline(assess(presets[name], demand))).toBe(svg);
      expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|href|<script|NaN|Infinity|undefined/);
      expect(svg.startsWith('<svg ')).toBe(true);
      expect(svg.match(/<(?:text|title|svg)[ >]/g)?.length).toBe((svg.match(/<\/(?:text|title|svg)>/g) ?? []).length);
    },
  );

  test('shows the weights, both endings and the budget', () => {
    const svg = renderTimeline(assess(presets.fast, demand));
    for (const words of ['>5 %<', '>50 %<', 'promoted, 60 s', 'rolled back, 40 s', 'budget 60 s']) {
      expect(svg).toContain(words);
    }
  });

  test('holds at any traffic, even where a fault is never seen', () => {
    const svg = renderTimeline(assess(presets.fast, { ...demand, requestsPerSecond: 1 }));
    expect(svg).toContain('not in every case');
    expect(svg).not.toMatch(/NaN|Infinity/);
  });

  test('marks what breaks the budget', () => {
    expect(renderTimeline(assess(presets.fast, { ...demand, rollbackBudgetSeconds: 30 }))).toMatch(
      /<rect[^>]*fill="#c0392b"/,
    );
  });
});
