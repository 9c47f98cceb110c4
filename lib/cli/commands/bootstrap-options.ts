export interface BootstrapOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly rotate: boolean;
  readonly endpoint?: string;
  readonly qualifier?: string;
}
