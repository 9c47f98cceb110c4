export { type BaseChoice, type BaseKind, chooseBase } from './base-choice';
export { compileCacheSeed, compileCacheTarget } from './compile-cache';
export { binaryFileName, compileCommand, runtimeUser } from './dockerfile';
export { type Decision, type ImageRecipe, RecipeError, recipeOf, sourceDateEpoch } from './recipe';
export { embedPatterns, goVersionOf, localReplacements, type SourceFacts } from './source-facts';
