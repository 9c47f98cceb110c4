export { type BaseChoice, chooseBase } from './base-choice';
export { compileCacheSeed, compileCacheTarget } from './compile-cache';
export { findSourceProblem } from './compiler-errors';
export { binaryFileName } from './dockerfile';
export { checkGoVersion, describeGoVersionMismatch, parseGoVersion } from './go-version';
export { createImageRecipe, type Decision, type ImageRecipe, sourceDateEpoch } from './recipe';
export { parseEmbedPatterns, parseLocalReplacements, type SourceInfo } from './source-info';
export { readStepFailure, type StepFailure } from './step-failure';
