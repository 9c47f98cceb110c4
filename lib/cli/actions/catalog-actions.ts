import { join } from 'node:path';
import { describeProblem, jsonSchemas, loadCatalog, parseCatalog, readCatalogFiles, requireService } from '../../catalog';
import { type ImageRecipe, recipeOf, type SourceFacts } from '../../image';
import { plannedRollouts, rolloutLine, rolloutProblems } from '../../rollout';
import { exitCodes, readSource } from '../../steps';
import { InputError } from '../fail';
import { counted, painter } from '../terminal';

/** What is assumed of a source that is not at hand: one module with dependencies, no vendor folder, nothing embedded. */
const usualSource: SourceFacts = { goMod: 'module source\n', hasGoSum: true, hasVendor: false, embeds: [] };

/** `bowline check`: mistakes of the files; where there are none, rollouts that can not keep their word. */
export function runCheck(directory: string, json: boolean): void {
  const files = readCatalogFiles(directory);
  const result = parseCatalog(files.platform, files.services, files.risks);
  const rollouts = result.ok ? plannedRollouts(result.catalog) : [];
  const problems = result.ok ? rolloutProblems(rollouts, files.services) : result.problems;
  if (json) {
    process.stdout.write(`${JSON.stringify({ ok: problems.length === 0, problems })}\n`);
  }
  if (result.ok && problems.length === 0) {
    const { services, platform } = result.catalog;
    process.stderr.write(rollouts.map((rollout) => `${rolloutLine(rollout)}\n`).join(''));
    process.stderr.write(
      `${directory}: ${counted(services.length, 'service')} in ${counted(platform.environments.length, 'environment')}, no mistakes\n`,
    );
    return;
  }
  const paint = painter(process.stderr);
  for (const problem of problems) {
    process.stderr.write(`${describeProblem(problem)}\n`);
  }
  process.stderr.write(`${paint('red', `${counted(problems.length, 'mistake')}`)}\n`);
  process.exitCode = exitCodes.badInput;
}

/** `bowline explain` */
export function runExplain(directory: string, name: string, source: string | undefined, json: boolean): void {
  const { recipe } = recipeFor(directory, name, source);
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ service: name, base: recipe.base, platforms: recipe.platforms, decisions: recipe.decisions })}\n`,
    );
    return;
  }
  const paint = painter(process.stdout);
  process.stdout.write(`${paint('bold', `How ${name} is built`)}\n\n`);
  for (const { subject, choice, because } of recipe.decisions) {
    process.stdout.write(`${paint('cyan', subject.padEnd(10))} ${choice}\n${' '.repeat(11)}${paint('dim', because)}\n`);
  }
  if (source === undefined) {
    process.stdout.write('\nWithout --source: taken as a module with go.sum and no vendor folder.\n');
  }
}

/** `bowline dockerfile` */
export function runDockerfile(
  directory: string,
  name: string,
  source: string | undefined,
  ignore: boolean,
  json: boolean,
): void {
  const { recipe } = recipeFor(directory, name, source);
  process.stdout.write(
    json
      ? `${JSON.stringify({ dockerfile: recipe.dockerfile, dockerignore: recipe.dockerignore })}\n`
      : ignore
        ? recipe.dockerignore
        : recipe.dockerfile,
  );
}

/** `bowline schema` */
export function runSchema(kind: string): void {
  const schemas = jsonSchemas();
  const text = schemas[kind];
  if (text === undefined) {
    throw new InputError(`there is no schema ${JSON.stringify(kind)}: one of ${Object.keys(schemas).join(', ')}`);
  }
  process.stdout.write(text);
}

function recipeFor(directory: string, name: string, source: string | undefined): { readonly recipe: ImageRecipe } {
  const catalog = loadCatalog(directory);
  const service = requireService(catalog, name);
  return {
    recipe: recipeOf(
      catalog.platform,
      service,
      source === undefined ? usualSource : readSource(join(source, service.source.directory)),
    ),
  };
}
