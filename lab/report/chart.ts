import { type Actor, actors } from '../observe/journal';
import type { ResponsesPerSecond } from '../observe/responses';
import { computedStart, type KeyEvent, keyEvents } from './key-events';
import { element, escapeMarkup, formatNumber } from './markup';
import type { ReportedScenario } from './report';
import { linear, roundUp, type Scale, ticks } from './scale';

const width = 1080;
const left = 96;
const right = 16;
const laneHeight = 20;
const panelHeight = 92;
const gap = 26;
const eventHeight = 17;
/** Upper bound for a letter in an event label. */
const letterWidth = 7;

const laneNames: Readonly<Record<Actor, string>> = {
  git: 'git',
  pipeline: 'pipeline',
  argocd: 'Argo CD',
  kubernetes: 'Kubernetes',
  flagger: 'Flagger',
  gateway: 'gateway',
  users: 'users',
  alertmanager: 'Alertmanager',
  lab: 'lab',
};

interface Series {
  readonly name: 'canary' | 'primary';
  readonly points: readonly (readonly [number, number])[];
}

/** Renders a scenario on one time axis: the actors' lanes, the canary weight, and errors and latency of both versions. */
export function scenarioChart(scenario: ReportedScenario): string {
  const x = linear([0, scenario.seconds], [left, width - right]);
  const lanes = actors.filter((actor) => scenario.journal.some((entry) => entry.actor === actor));
  const events = placeEvents(keyEvents(scenario), (at) => x((at - scenario.startedAt) / 1000));
  const top = 22 + (1 + Math.max(-1, ...events.map(({ row }) => row))) * eventHeight;
  const lanesEnd = top + lanes.length * laneHeight;
  const panelAt = (index: number) => lanesEnd + gap + index * (panelHeight + gap);
  const bottom = panelAt(2) + panelHeight;
  const errors = seriesOfVersions(scenario, ({ errors: bad, count }) => (100 * bad) / count);
  const latency = seriesOfVersions(scenario, ({ p99 }) => p99);
  const highestWeight = roundUp(Math.max(5, ...scenario.weights.map(({ canary }) => canary)));
  const highestError = roundUp(Math.max(2, ...errors.flatMap(({ points }) => points.map(([, value]) => value))));
  const highestLatency = roundUp(
    Math.max(
      100,
      scenario.limits?.p99Milliseconds ?? 0,
      ...latency.flatMap(({ points }) => points.map(([, value]) => value)),
    ),
  );
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${bottom + 34}`, role: 'img', 'aria-label': `Timeline of ${scenario.name}` },
    exposureBand(scenario, x, { top: top - 6, bottom }),
    ...lanes.map((actor, index) => renderLane(scenario, actor, { x, y: top + index * laneHeight })),
    ...events.map((event) => eventMark(event, bottom)),
    renderPanel('weight of the new version, %', panelAt(0), { high: highestWeight, tickCount: 5 }),
    weightArea(scenario, x, linear([0, highestWeight], [panelAt(0) + panelHeight, panelAt(0)])),
    computedSpan(scenario, x, panelAt(0)),
    renderPanel('failed responses, % per second', panelAt(1), { high: highestError, tickCount: 4 }),
    ...errors.map((each) => renderSeries(each, x, linear([0, highestError], [panelAt(1) + panelHeight, panelAt(1)]))),
    limitLine(scenario.limits?.errorPercent, highestError, panelAt(1)),
    renderPanel('p99, ms per second', panelAt(2), { high: highestLatency, tickCount: 4 }),
    ...latency.map((each) =>
      renderSeries(each, x, linear([0, highestLatency], [panelAt(2) + panelHeight, panelAt(2)])),
    ),
    limitLine(scenario.limits?.p99Milliseconds, highestLatency, panelAt(2)),
    timeAxis(scenario.seconds, x, bottom),
  );
}

/** One series per version. Errors of the gateway count for the new version, which causes them. */
function seriesOfVersions(
  { responses, releases, startedAt }: ReportedScenario,
  value: (second: ResponsesPerSecond) => number,
): readonly Series[] {
  const released = releases.at(-1)?.hello.version;
  const seriesOf = (name: Series['name']): Series => ({
    name,
    points: responses
      .filter(({ version }) => (version === released || version === '') === (name === 'canary'))
      .map((second) => [second.second - startedAt / 1000 + 0.5, value(second)] as const)
      .sort(([a], [b]) => a - b),
  });
  return [seriesOf('primary'), seriesOf('canary')];
}

interface PlacedEvent {
  readonly label: string;
  readonly x: number;
  /** Text after or before the mark. */
  readonly anchor: 'start' | 'end';
  readonly row: number;
}

/** Places each event in the first row where its label overlaps no other. */
function placeEvents(events: readonly KeyEvent[], positionOf: (at: number) => number): readonly PlacedEvent[] {
  const rowEnds: number[] = [];
  const placed: PlacedEvent[] = [];
  for (const { at, label } of events) {
    const position = positionOf(at);
    const labelWidth = label.length * letterWidth + 8;
    const anchor = position + labelWidth > width - right ? 'end' : 'start';
    const [from, to] = anchor === 'start' ? [position, position + labelWidth] : [position - labelWidth, position];
    const freeRow = rowEnds.findIndex((end) => end < from);
    const row = freeRow === -1 ? rowEnds.length : freeRow;
    rowEnds[row] = to;
    placed.push({ label, x: position, anchor, row });
  }
  return placed;
}

function eventMark({ label, x, anchor, row }: PlacedEvent, bottom: number): string {
  const y = 14 + row * eventHeight;
  const offset = anchor === 'start' ? 4 : -4;
  return [
    element('line', { class: 'event', x1: x, x2: x, y1: y - 10, y2: bottom }),
    element('text', { class: 'event-text', x: x + offset, y, style: `text-anchor: ${anchor}` }, escapeMarkup(label)),
  ].join('');
}

/** Draws a line from the start of the computed times to the worst case, and a bar from the best case to the worst. */
function computedSpan(scenario: ReportedScenario, x: Scale, y: number): string {
  const { computedSeconds, computedBestSeconds = 0, startedAt } = scenario;
  const start = computedStart(scenario);
  if (start === undefined || computedSeconds === undefined) {
    return '';
  }
  const at = (seconds: number) => x((start - startedAt) / 1000 + seconds);
  const [from, best, worst] = [at(0), at(computedBestSeconds), at(computedSeconds)];
  const label = `computed: ${formatNumber(computedBestSeconds)} to ${formatNumber(computedSeconds)} s`;
  return [
    element('line', { class: 'computed-line', x1: from, x2: worst, y1: y + 7, y2: y + 7 }),
    element('rect', { class: 'computed', x: best, y: y + 2, width: Math.max(2, worst - best), height: 10 }),
    // After the span, or below it if the label would leave the picture.
    worst + 6 + label.length * letterWidth <= width - right
      ? element('text', { class: 'computed-text', x: worst + 6, y: y + 11 }, escapeMarkup(label))
      : element(
          'text',
          { class: 'computed-text', x: worst, y: y + 26, style: 'text-anchor: end' },
          escapeMarkup(label),
        ),
  ].join('');
}

/** The limit of an objective. Every panel is high enough to show it. */
function limitLine(limit: number | undefined, high: number, top: number): string {
  if (limit === undefined) {
    return '';
  }
  const y = linear([0, high], [top + panelHeight, top])(limit);
  return element('line', { class: 'limit', x1: left, x2: width - right, y1: y, y2: y });
}

function exposureBand(
  scenario: ReportedScenario,
  x: Scale,
  { top, bottom }: { readonly top: number; readonly bottom: number },
): string {
  const at = (text: string) => scenario.journal.find((entry) => entry.actor === 'users' && entry.text === text)?.at;
  const [first, last] = [at('first bad response'), at('last bad response')];
  if (first === undefined || last === undefined) {
    return '';
  }
  const [from, to] = [first, last].map((time) => x((time - scenario.startedAt) / 1000)) as [number, number];
  return element('rect', { class: 'exposure', x: from, y: top, width: Math.max(1, to - from), height: bottom - top });
}

function renderLane(
  { journal, startedAt }: ReportedScenario,
  actor: Actor,
  { x, y }: { readonly x: Scale; readonly y: number },
): string {
  const middle = y + laneHeight / 2;
  const dots = journal
    .filter((entry) => entry.actor === actor)
    .map(({ at, text }) => {
      const seconds = (at - startedAt) / 1000;
      const title = element('title', {}, escapeMarkup(`${seconds.toFixed(1)} s: ${text}`));
      return element('circle', { class: `dot ${toneOf(text)}`, cx: x(seconds), cy: middle, r: 4 }, title);
    });
  return [
    element('text', { class: 'label', x: left - 10, y: middle + 4 }, laneNames[actor]),
    element('line', { class: 'lane', x1: left, x2: width - right, y1: middle, y2: middle }),
    ...dots,
  ].join('');
}

function toneOf(text: string): string {
  if (/^✓|resolved/.test(text)) {
    return text.startsWith('✓') ? 'good' : '';
  }
  if (/^✗|fail|firing|bad response|advancement|rolled? ?back|rolling back|[1-9] restarts/i.test(text)) {
    return 'bad';
  }
  return /Succeeded|Initialized|completed|: ready/.test(text) ? 'good' : '';
}

function renderPanel(
  title: string,
  top: number,
  { high, tickCount }: { readonly high: number; readonly tickCount: number },
): string {
  const y = linear([0, high], [top + panelHeight, top]);
  return [
    element('text', { class: 'title', x: left, y: top - 6 }, escapeMarkup(title)),
    ...ticks(high, tickCount).map((value) =>
      [
        element('line', { class: 'grid', x1: left, x2: width - right, y1: y(value), y2: y(value) }),
        element('text', { class: 'label', x: left - 10, y: y(value) + 4 }, String(Number(value.toPrecision(3)))),
      ].join(''),
    ),
  ].join('');
}

function weightArea({ weights, seconds, startedAt }: ReportedScenario, x: Scale, y: Scale): string {
  const points: string[] = [`${x(0)},${y(0)}`];
  let before = 0;
  for (const { at, canary } of weights) {
    const place = x((at - startedAt) / 1000);
    points.push(`${place.toFixed(1)},${y(before).toFixed(1)}`, `${place.toFixed(1)},${y(canary).toFixed(1)}`);
    before = canary;
  }
  points.push(`${x(seconds)},${y(before)}`, `${x(seconds)},${y(0)}`);
  return element('polygon', { class: 'weight', points: points.join(' ') });
}

function renderSeries({ name, points }: Series, x: Scale, y: Scale): string {
  // A gap in the responses ends the line: a line across it would suggest data.
  const pieces: (readonly [number, number])[][] = [];
  for (const point of points) {
    const piece = pieces.at(-1);
    const last = piece?.at(-1);
    if (piece === undefined || last === undefined || point[0] - last[0] > 2.5) {
      pieces.push([point]);
    } else {
      piece.push(point);
    }
  }
  return pieces
    .map((piece) =>
      element('polyline', {
        class: `line ${name}`,
        points: piece.map(([at, value]) => `${x(at).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
      }),
    )
    .join('');
}

function timeAxis(seconds: number, x: Scale, y: number): string {
  return [
    ...ticks(seconds, 10).map((value) =>
      element('text', { class: 'time', x: x(value), y: y + 18 }, value === 0 ? '0 s' : String(value)),
    ),
    element('line', { class: 'axis', x1: left, x2: width - right, y1: y, y2: y }),
  ].join('');
}
