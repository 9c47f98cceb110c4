import { parser } from '@prometheus-io/lezer-promql';

type LezerNode = ReturnType<typeof parser.parse>['topNode'];

/** A node of a parsed PromQL expression, with access to its source text. */
export class Expression {
  private constructor(
    private readonly node: LezerNode,
    private readonly source: string,
  ) {}

  /** Parses a query; where it is not PromQL, returns the text at the first error. */
  static parse(source: string): { readonly root: Expression } | { readonly errorNear: string } {
    const tree = parser.parse(source);
    const root = tree.topNode.firstChild;
    let errorAt: number | undefined;
    tree.iterate({
      enter: (node) => {
        errorAt ??= node.type.isError ? node.from : undefined;
      },
    });
    return root === null || errorAt !== undefined
      ? { errorNear: source.slice(errorAt ?? 0, (errorAt ?? 0) + 30) }
      : { root: new Expression(root, source) };
  }

  /** The kind of node, such as `BinaryExpr`. */
  get kind(): string {
    return this.node.name;
  }

  get text(): string {
    return this.source.slice(this.node.from, this.node.to);
  }

  get children(): readonly Expression[] {
    const children: Expression[] = [];
    for (let child = this.node.firstChild; child !== null; child = child.nextSibling) {
      children.push(new Expression(child, this.source));
    }
    return children;
  }

  /** The first child of a kind. */
  child(kind: string): Expression | undefined {
    return this.children.find((child) => child.kind === kind);
  }

  hasChild(kind: string): boolean {
    return this.child(kind) !== undefined;
  }

  /** This expression and all expressions inside it, of a kind. */
  all(kind: string): readonly Expression[] {
    return [...(this.kind === kind ? [this] : []), ...this.children.flatMap((child) => child.all(kind))];
  }

  contains(kind: string): boolean {
    return this.all(kind).length > 0;
  }

  /** The two sides of a binary operation. */
  get operands(): { readonly left: Expression; readonly right: Expression } | undefined {
    const [left, right] = [this.children[0], this.children.at(-1)];
    return this.kind === 'BinaryExpr' && left !== undefined && right !== undefined ? { left, right } : undefined;
  }

  /** The name of a called function or of an aggregation, such as `rate` or `sum`. */
  get functionName(): string {
    return this.children[0]?.text ?? '';
  }

  isCallOf(name: string): boolean {
    return this.kind === 'FunctionCall' && this.functionName === name;
  }

  /** The labels of a `by (…)`, `without (…)`, `on (…)` or `ignoring (…)`. */
  get groupingLabels(): readonly string[] {
    const labels = this.child('GroupingLabels')?.children ?? [];
    return labels.filter(({ kind }) => kind === 'LabelName').map(({ text }) => text);
  }

  /** Whether it is computed from numbers alone, without any series. */
  get isScalar(): boolean {
    return !this.contains('VectorSelector') && !this.contains('Vector');
  }
}
