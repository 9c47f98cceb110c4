export { type BaseChoice, chooseBase } from './base-choice';
export { compileCacheSeed, compileCacheTarget } from './compile-cache';
export { sourceProblemOf } from './compiler-errors';
export { binaryFileName } from './dockerfile';
export { goShortage, goTooOld, goVersionOf } from './go-version';
export { type Decision, type ImageRecipe, recipeOf, sourceDateEpoch } from './recipe';
export { embedPatterns, localReplacements, type SourceFacts } from './source-facts';
export { readStepFailure, type StepFailure } from './step-failure';
