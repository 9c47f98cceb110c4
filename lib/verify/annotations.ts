/** The names of the annotations of a signature. */
export const serviceAnnotation = 'bowline.service';
export const classAnnotation = 'bowline.class';

/** The annotations that bind a signature to one service and one class of environments: a copied signature does not verify elsewhere. */
export function signatureAnnotations(service: string, environmentClass: string): Readonly<Record<string, string>> {
  return { [serviceAnnotation]: service, [classAnnotation]: environmentClass };
}
