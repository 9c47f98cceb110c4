// Texts for people decide nothing: Stryker leaves them alone. Codes, keys and values stay.

/** Functions whose arguments are texts, from this one on. */
const textArguments = {
  passed: 0,
  skipped: 0,
  failed: 1,
  unknown: 1,
  problem: 1,
  badInput: 1,
  rejected: 1,
  inconclusive: 1,
};

function isText(path) {
  const { node } = path;
  if (isTextArgument(path)) {
    return true;
  }
  switch (node.type) {
    case 'StringLiteral':
      return hasWords(node.value);
    case 'TemplateLiteral':
      return node.quasis.some(({ value }) => hasWords(value.cooked));
    case 'ObjectProperty':
      return node.key.name === 'message';
    case 'FunctionDeclaration':
      return /^describe[A-Z]/.test(node.id.name);
    default:
      return false;
  }
}

/** In `failed(code, text)`, the text with everything that composes it. */
function isTextArgument({ parent, listKey, key }) {
  return listKey === 'arguments' && key >= (textArguments[parent.callee.name] ?? Number.POSITIVE_INFINITY);
}

function hasWords(text) {
  return /[a-z,:;] | [a-z]/i.test(text);
}

export const strykerPlugins = [
  {
    kind: 'Ignore',
    name: 'texts',
    value: { shouldIgnore: (path) => (isText(path) ? 'a text for people' : undefined) },
  },
];
