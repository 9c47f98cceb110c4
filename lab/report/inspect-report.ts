import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { toolPath } from '../../lib/tools';

/** What a browser says of a report. */
export interface SeenReport {
  /** Errors and warnings of the browser, and addresses that it was made to ask for. */
  readonly complaints: readonly string[];
  readonly headings: readonly string[];
  /** Sizes of the pictures, in pixels. */
  readonly pictures: readonly { readonly width: number; readonly height: number }[];
  /** Text that stands beyond its picture or over other text of it. */
  readonly collisions: readonly string[];
}

/** What is wrong with how a report of `scenarios` looks, in sentences; empty when nothing is. */
export function reportProblems(seen: SeenReport, scenarios: number): readonly string[] {
  return [
    ...seen.complaints.map((complaint) => `the browser complains: ${complaint}`),
    ...seen.collisions.map((text) => `text covers text, or leaves its picture: ${text}`),
    ...(seen.pictures.length === scenarios ? [] : [`${seen.pictures.length} pictures of ${scenarios} scenarios`]),
    ...seen.pictures
      .filter(({ width, height }) => width < 900 || height < 300)
      .map(({ width, height }) => `a picture is only ${width} by ${height}`),
  ];
}

/** Opens a report in headless Chromium and looks at it; with `directory`, takes pictures of the overview and of each scenario. */
export async function lookAtReport(file: string, directory?: string): Promise<SeenReport> {
  const browser = await chromium.launch({
    executablePath: toolPath('chromium'),
    // Chromium's own sandbox refuses root, who the lab runs as; the page is ours and runs nothing. Containers have 64 MB of shared memory.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, deviceScaleFactor: 1 });
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith('file:') && !request.url().startsWith('data:')) {
        complaints.push(`asks for ${request.url()}`);
      }
    });
    await page.goto(pathToFileURL(file).href);
    const inspection = readFileSync(join(__dirname, 'inspect-page.js'), 'utf8');
    const seen = { complaints, ...((await page.evaluate(inspection)) as Omit<SeenReport, 'complaints'>) };
    if (directory !== undefined) {
      await takePictures(page, directory);
    }
    return seen;
  } finally {
    await browser.close();
  }
}

async function takePictures(page: Page, directory: string): Promise<void> {
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
