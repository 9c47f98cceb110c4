/** A reason why a source cannot be built as the catalog describes it. The message has the place, and a remedy. */
export interface SourceFault {
  readonly code: 'recipe' | 'modules-unfit' | 'does-not-compile';
  readonly message: string;
}
