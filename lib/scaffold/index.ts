export { type Files, fill, type OpenPlace, type Value, type Values } from './fill';
export { besideTemplates, readTemplate } from './folder';
export { type Placing, prepareFolder, refuseTaken } from './place';
