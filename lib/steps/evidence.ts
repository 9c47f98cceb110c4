export { verdictPredicate } from '../release';
export { signatureAnnotations } from '../verify';
