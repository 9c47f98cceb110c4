/**
 * Whether a text that is no YAML is a template of Helm: it has actions of Go's templates that only Helm's have (`{{-`, `{{ .Values`,
 * `{{ include`), and has them where YAML has structure. Inside of a block scalar or of quotation marks they are text, as in the queries of a
 * MetricTemplate and in an ApplicationSet.
 * @see https://helm.sh/docs/chart_template_guide/
 */
export function isHelmTemplate(text: string): boolean {
  return structure(text).some((line) =>
    /\{\{-|\{\{\s*(?:\.|\$|(?:include|template|define|if|range|with|end)\b)/.test(line),
  );
}

/** The lines of a text without what is in block scalars, quotation marks and comments. */
function structure(text: string): readonly string[] {
  const lines: string[] = [];
  let scalar: number | undefined;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (scalar !== undefined && (indent === -1 || indent > scalar)) {
      continue;
    }
    scalar = /(?:^|[\s:-])[|>][-+0-9]*\s*(?:#.*)?$/.test(line) ? indent : undefined;
    lines.push(line.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '').replace(/(?:^|\s)#.*$/, ''));
  }
  return lines;
}
