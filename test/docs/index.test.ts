import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const docs = join(__dirname, '..', '..', 'docs');
const index = readFileSync(join(docs, 'README.md'), 'utf8');
const rows = [...index.matchAll(/^\| \[(?<title>[^\]]+)\]\((?<page>[^)]+\.md)\) \|/gm)].map(({ groups }) => ({
  title: groups?.title ?? '',
  page: groups?.page ?? '',
}));

test('docs/README.md lists every page', () => {
  const pages = ['.', 'tutorials', 'how-to', 'reference', 'explanation'].flatMap((folder) =>
    readdirSync(join(docs, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => join(folder, file)),
  );
  expect(rows.map(({ page }) => page).sort()).toEqual(
    pages.filter((page) => !['README.md', 'glossary.md'].includes(page)).sort(),
  );
});

test.each(rows)('docs/README.md names $page by its title', ({ title, page }) => {
  expect(readFileSync(join(docs, page), 'utf8').split('\n')[0]).toBe(`# ${title}`);
});
