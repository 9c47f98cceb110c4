/** The schemas of a project's kinds, generated from the resource definitions at one of its releases (test/charts/rules/schemas). */
export interface SchemaFile {
  readonly source: {
    /** `Argo CD` */
    readonly project: string;
    /** `v3.6.1` */
    readonly version: string;
    readonly repository: string;
    /** The hash of the module's content (go.sum), which identifies the source more strictly than the commit of the tag. */
    readonly sum: string;
    readonly license: string;
    readonly files: readonly string[];
  };
  /** JSON Schemas by `apiVersion kind`, such as `flagger.app/v1beta1 Canary`. */
  readonly schemas: Readonly<Record<string, object>>;
}
