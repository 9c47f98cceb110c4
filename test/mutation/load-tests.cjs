// Loads test files into this process and collects their tests: `test`, `test.each`, `describe`, the hooks of each test, and `expect` of jest. Jest
// itself loads every module again for each run, which takes seconds. A mutant needs milliseconds.
const { readdirSync, readFileSync, statSync } = require('node:fs');
const Module = require('node:module');
const { join, relative, sep } = require('node:path');
const { transformSync } = require('@swc/core');
const { expect } = require('expect');
const { bind } = require('jest-each');

const transformed = new Map();
let isSeeded = false;
/** The hooks that remove what the loaded tests share. */
const afterTests = [];

/** Compiles TypeScript as jest.config.cjs does. */
require.extensions['.ts'] = (module, filename) => {
  const source = readFileSync(filename, 'utf8');
  if (transformed.get(filename)?.source !== source) {
    const { code } = transformSync(source, {
      filename,
      jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
      module: { type: 'commonjs' },
    });
    transformed.set(filename, { source, code });
  }
  module._compile(transformed.get(filename).code, filename);
};

/** How many examples of a property run at most. */
const examples = { most: 100 };

/** fast-check comes with its seed, as in jest.config.cjs. A failing example is enough: nobody reads the smallest one. */
function useSeededFastCheck(root) {
  const fc = require(join(root, 'test', 'fast-check.cjs'));
  fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true });
  const assert = (property, parameters = {}) =>
    fc.assert(property, { ...parameters, numRuns: Math.min(parameters.numRuns ?? 100, examples.most) });
  const limited = { ...fc, assert };
  const load = Module._load;
  Module._load = (request, ...rest) =>
    request === 'fast-check' ? { ...limited, default: limited, __esModule: true } : load(request, ...rest);
  isSeeded = true;
}

/** The test files of some folders or files. */
function findTestFiles(root, paths) {
  return paths
    .map((path) => join(root, path))
    .flatMap((path) =>
      statSync(path).isFile()
        ? [path]
        : readdirSync(path, { recursive: true })
            .map((name) => join(path, name))
            .filter((file) => file.endsWith('.test.ts')),
    )
    .sort();
}

/** Ends the loaded tests. */
function unloadTests() {
  for (const hook of afterTests.splice(0)) {
    hook();
  }
}

/** Loads the tests, again from their files. Packages stay loaded. */
function loadTests(root, paths) {
  unloadTests();
  if (!isSeeded) {
    useSeededFastCheck(root);
  }
  for (const file of Object.keys(require.cache)) {
    if (file.startsWith(root + sep) && !file.includes(`${sep}node_modules${sep}`) && file.endsWith('.ts')) {
      delete require.cache[file];
    }
  }
  const tests = [];
  let scope = { names: [], before: [], after: [] };
  const define = (name, run) => {
    const { names, before, after } = scope;
    tests.push({
      id: [...names, name].join(' › '),
      file: join(root, names[0]),
      run,
      before: [...before],
      after: [...after],
      milliseconds: 0,
    });
  };
  const describe = (name, body) => {
    const outer = scope;
    scope = { names: [...outer.names, name], before: [...outer.before], after: [...outer.after] };
    body();
    scope = outer;
  };
  Object.assign(globalThis, {
    expect,
    test: Object.assign(define, { each: bind(define) }),
    describe: Object.assign(describe, { each: bind(describe, false) }),
    beforeEach: (hook) => scope.before.push(hook),
    afterEach: (hook) => scope.after.unshift(hook),
    afterAll: (hook) => afterTests.push(hook),
  });
  for (const file of findTestFiles(root, paths)) {
    describe(relative(root, file), () => require(file));
  }
  return tests;
}

/** Runs one test with its hooks. @returns the error, if it fails */
async function runTest({ run, before, after }) {
  try {
    try {
      for (const hook of before) {
        await hook();
      }
      await run();
    } finally {
      for (const hook of after) {
        await hook();
      }
    }
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

module.exports = { examples, loadTests, runTest, unloadTests };
