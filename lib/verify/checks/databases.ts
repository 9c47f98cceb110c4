import { databaseProblem, scannersWithDatabase } from '../../gate';
import { type Check, failed, passed, skipped, verdictCheck } from '../check';

/** By default a verdict must be based on the feeds: the fixture database knows a handful of advisories. */
export const databaseOriginCheck: Check = verdictCheck(
  'database-origin',
  'The verdict is based on the feeds of the scanners',
  ['fixture-verdict'],
  ({ verdict: { databases } }, { expected }) => {
    const fixtures = databases.filter(({ origin }) => origin === 'fixture');
    if (fixtures.length === 0 || expected.databases === 'fixture') {
      return passed(fixtures.length === 0 ? 'feeds' : 'the fixture database is allowed here');
    }
    const scanners = [...new Set(fixtures.map(({ scanner }) => scanner))].sort().join(', ');
    return failed(
      'fixture-verdict',
      `the verdict is based on the fixture database (${scanners}), which says nothing about real vulnerabilities. Scan again with the feeds. If the environment is only a trial, use --vulnerability-database fixture.`,
    );
  },
);

/** Judged at the time of use: a verdict waits for approvals. The fixture database is as old as its advisories, and is allowed or not as a whole. */
export const databaseAgeCheck: Check = verdictCheck(
  'database-age',
  'The databases of the verdict are recent',
  ['stale-database', 'future-database'],
  ({ verdict: { databases } }, { expected: { catalog }, now }) => {
    // Without a catalog nobody says how old a database may be. One from the future is wrong anyway.
    const maxAge = catalog?.policy.databaseMaxAge ?? '36500d';
    const problems = databases
      .filter(({ origin }) => origin === 'feed')
      .flatMap((database) => databaseProblem(database, maxAge, now) ?? [])
      .filter(({ code }) => catalog !== undefined || code === 'future-database');
    const [first] = problems;
    if (first !== undefined) {
      return failed(first.code === 'future-database' ? 'future-database' : 'stale-database', first.message);
    }
    const times = databases.map(({ scanner, builtAt }) => `${scanner} ${builtAt}`).join(', ');
    return catalog === undefined ? skipped(`${times}; the catalog says how old they may be`) : passed(times);
  },
);

/** A verdict without a report of each scanner is no verdict. */
export const scannersCheck: Check = verdictCheck(
  'scanners',
  'Every scanner looked at the image, with a database of its own',
  ['scanner-missing'],
  ({ verdict: { databases }, tools }) => {
    const missing = scannersWithDatabase().filter((name) => !databases.some(({ scanner }) => scanner === name));
    if (missing.length > 0) {
      return failed('scanner-missing', `the verdict names no database of ${missing.join(', ')}`);
    }
    const unnamed = scannersWithDatabase().filter((name) => !tools.some((tool) => tool.name === name));
    return unnamed.length === 0
      ? passed(tools.map(({ name, version }) => `${name} ${version}`).join(', '))
      : failed('scanner-missing', `the verdict names no version of ${unnamed.join(', ')}`);
  },
);
