// The test runner of Stryker for this project. A mutant is active by a global variable, so the tests stay loaded from one mutant to the next; only what
// runs while a module loads, such as a schema, needs them loaded again.
import { createRequire } from 'node:module';

const { examples, loadTests, runTest, unloadTests } = createRequire(import.meta.url)('./load-tests.cjs');
const { folders } = createRequire(import.meta.url)('./folders.cjs');

class InProcessRunner {
  #tests = [];
  #isFresh = false;

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun() {
    const context = strykerContext();
    this.#load();
    const tests = [];
    for (const test of this.#tests) {
      context.currentTestId = test.id;
      const started = performance.now();
      const error = await runTest(test);
      test.milliseconds = performance.now() - started;
      context.currentTestId = undefined;
      tests.push(resultOf(test, error));
    }
    return { status: 'complete', tests, mutantCoverage: context.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, reloadEnvironment }) {
    const context = strykerContext();
    Object.assign(context, {
      activeMutant: activeMutant.id,
      hitLimit,
      hitCount: hitLimit === undefined ? undefined : 0,
    });
    try {
      if (reloadEnvironment || !this.#isFresh) {
        // What loads with a mutant has it in its values.
        this.#isFresh = false;
        context.activeMutant = reloadEnvironment ? activeMutant.id : undefined;
        this.#load();
        this.#isFresh = !reloadEnvironment;
        context.activeMutant = activeMutant.id;
      }
    } catch (error) {
      return { status: 'error', errorMessage: String(error) };
    }
    // What no test kills by an example in the code, such as a schema, runs every test there is: there, the first examples of a property are enough.
    examples.most = reloadEnvironment ? 20 : 100;
    const selected = testFilter === undefined ? this.#tests : this.#tests.filter(({ id }) => testFilter.includes(id));
    const run = await this.#runUntilKilled(selected);
    if (context.hitCount > hitLimit) {
      this.#isFresh = false;
      return { status: 'timeout', reason: 'a loop does not end' };
    }
    return run;
  }

  async dispose() {
    unloadTests();
  }

  async #runUntilKilled(tests) {
    const context = strykerContext();
    for (const test of tests) {
      const error = await runTest(test);
      if (error === undefined) {
        continue;
      }
      const mutant = context.activeMutant;
      context.activeMutant = undefined;
      if (this.#isFresh && (await runTest(test)) !== undefined) {
        // An earlier mutant left something behind: the test fails by itself.
        this.#load();
        context.activeMutant = mutant;
        return this.#runUntilKilled(this.#tests.filter(({ id }) => tests.some((other) => other.id === id)));
      }
      return { status: 'killed', killedBy: [test.id], failureMessage: error.message, nrOfTests: tests.length };
    }
    return { status: 'survived', nrOfTests: tests.length };
  }

  /** Loads the tests, the quickest first: a mutant dies at the first failure. */
  #load() {
    const times = new Map(this.#tests.map(({ id, milliseconds }) => [id, milliseconds]));
    this.#tests = loadTests(process.cwd(), folders[process.env.BOWLINE_MUTATION_FOLDER].tests).map((test) => ({
      ...test,
      milliseconds: times.get(test.id) ?? 0,
    }));
    this.#tests.sort((a, b) => a.milliseconds - b.milliseconds);
    this.#isFresh = true;
  }
}

function strykerContext() {
  globalThis.__stryker__ ??= {};
  return globalThis.__stryker__;
}

function resultOf({ id, file, milliseconds }, error) {
  const shared = { id, name: id, fileName: file, timeSpentMs: Math.round(milliseconds) };
  return error === undefined ? { ...shared, status: 0 } : { ...shared, status: 1, failureMessage: String(error.stack) };
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-process', injectableClass: InProcessRunner }];
