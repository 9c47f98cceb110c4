import { isHelmTemplate } from '../../../../charts/rules/manifests/helm-template';

test.each([
  ['an action that trims whitespace', 'metadata:\n  {{- if .Values.x }}\n'],
  ['a value', 'name: {{ .Values.name }}\n'],
  ['a value without a space', 'name: {{.Release.Name}}\n'],
  ['an inclusion', 'labels: {{ include "web.labels" . | nindent 4 }}\n'],
  ['a loop', '{{ range $name := .Values.names }}\n'],
  ['a variable', 'name: {{ $name }}\n'],
])('%s is Helm', (_, text) => {
  expect(isHelmTemplate(text)).toBe(true);
});

test.each([
  ['variables of Flagger', 'query: sum(x{job="{{ target }}-canary"}[{{ interval }}])\n'],
  ['a block scalar', 'query: |\n  {{- .Values }}\n\n  {{ include "x" }}\nkind: x\n'],
  ['a folded scalar in a list', '- >-\n  {{ .Values.x }}\n- b\n'],
  ['quoted strings', 'name: "{{ .path }}"\nother: \'{{.name}}\'\n'],
  ['a comment', '# {{ .Values.x }}\nname: x # {{- end }}\n'],
])('%s is not Helm', (_, text) => {
  expect(isHelmTemplate(text)).toBe(false);
});

test('the structure continues after a block scalar', () => {
  expect(isHelmTemplate('a: |\n  text\nb: {{ .Values.b }}\n')).toBe(true);
});
