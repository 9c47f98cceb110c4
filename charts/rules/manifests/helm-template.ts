/**
 * Whether a text that is not YAML is a Helm template: it has actions that only Helm's Go templates have (`{{-`, `{{ .Values`, `{{ include`), and
 * has them in the structure of the YAML. Inside block scalars and quotes such actions are text, as in the queries of a MetricTemplate or in an
 * ApplicationSet.
 * @see https://helm.sh/docs/chart_template_guide/
 */
export function isHelmTemplate(text: string): boolean {
  return structureOf(text).some((line) =>
    /\{\{-|\{\{\s*(?:\.|\$|(?:include|template|define|if|range|with|end)\b)/.test(line),
  );
}

/** The lines of a text without block scalars, quoted strings and comments. */
function structureOf(text: string): readonly string[] {
  const lines: string[] = [];
  let blockScalarIndent: number | undefined;
  for (const line of text.split('\n')) {
    const indent = line.search(/\S/);
    if (blockScalarIndent !== undefined && (indent === -1 || indent > blockScalarIndent)) {
      continue;
    }
    blockScalarIndent = /(?:^|[\s:-])[|>][-+0-9]*\s*(?:#.*)?$/.test(line) ? indent : undefined;
    lines.push(line.replaceAll(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '').replace(/(?:^|\s)#.*$/, ''));
  }
  return lines;
}
