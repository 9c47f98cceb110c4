import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { toolPath } from '../../lib/tools';

/** A report as a browser shows it. */
export interface InspectedReport {
  /** Console messages, errors, and requests to external resources. */
  readonly messages: readonly string[];
  readonly headings: readonly string[];
  /** Sizes of the pictures, in pixels. */
  readonly pictures: readonly { readonly width: number; readonly height: number }[];
  /** Text that leaves its picture or overlaps other text. */
  readonly collisions: readonly string[];
}

/** Lists the problems of a report that must have one picture per scenario; empty if there are none. */
export function findProblems(report: InspectedReport, scenarios: number): readonly string[] {
  return [
    ...report.messages.map((message) => `browser: ${message}`),
    ...report.collisions.map((text) => `text overlaps other text or leaves its picture: ${text}`),
    ...(report.pictures.length === scenarios
      ? []
      : [`found ${report.pictures.length} pictures, expected ${scenarios}: one per scenario`]),
    ...report.pictures
      .filter(({ width, height }) => width < 900 || height < 300)
      .map(({ width, height }) => `a picture has ${width} by ${height} pixels, expected at least 900 by 300`),
  ];
}

/** Opens a report in headless Chromium. With `directory`, saves screenshots of the overview and of each scenario. */
export async function inspectReport(file: string, directory?: string): Promise<InspectedReport> {
  const browser = await chromium.launch({
    executablePath: toolPath('chromium'),
    // Chromium's sandbox does not work for root; the page has no scripts. A container has only 64 MB of /dev/shm.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, deviceScaleFactor: 1 });
    const messages: string[] = [];
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) {
        messages.push(`requests ${request.url()}`);
      }
    });
    await page.goto(pathToFileURL(file).href);
    const inspection = readFileSync(join(__dirname, 'inspect-page.js'), 'utf8');
    const inspected = (await page.evaluate(inspection)) as Omit<InspectedReport, 'messages'>;
    if (directory !== undefined) {
      await saveScreenshots(page, directory);
    }
    return { messages, ...inspected };
  } finally {
    await browser.close();
  }
}

async function saveScreenshots(page: Page, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const overview = page.locator('.overview');
  const box = await overview.boundingBox();
  if (box !== null) {
    const clip = { x: 0, y: 0, width: 1200, height: Math.ceil(box.y + box.height + 24) };
    await page.screenshot({ path: join(directory, 'overview.png'), clip });
  }
  for (const section of await page.locator('section').all()) {
    const id = (await section.getAttribute('data-name')) ?? 'scenario';
    await section.screenshot({ path: join(directory, `${id}.png`) });
  }
}
