// node parse.mjs <node_modules> <file>…: the syntax trees of the Bicep files as JSON, by file.
// A node is { t: type, r: row, x: text of a leaf, e: what is wrong, c: children }.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, ...files] = process.argv.slice(2);
const { Parser, Language } = createRequire(`${modules}/`)('web-tree-sitter');
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(`${modules}/tree-sitter-bicep/tree-sitter-bicep.wasm`));

function plain(node) {
  const children = node.namedChildren.filter(child => child !== null).map(plain);
  const result = { t: node.type, r: node.startPosition.row + 1 };
  if (node.isError || node.isMissing) {
    result.e = node.isMissing ? `${node.type} is missing` : `not understood: ${node.text.slice(0, 60)}`;
  }
  if (children.length > 0) {
    result.c = children;
  }
  if (children.length === 0 || ['string', 'member_expression', 'call_expression'].includes(node.type)) {
    result.x = node.text;
  }
  return result;
}

// Missing tokens are no named children, so they are looked for among all.
function missing(node, found = []) {
  if (node.isMissing) {
    found.push({ t: node.type, r: node.startPosition.row + 1, e: `'${node.type}' is missing` });
  }
  node.children.forEach(child => child !== null && missing(child, found));
  return found;
}

const trees = {};
for (const file of files) {
  const tree = parser.parse(readFileSync(file, 'utf8'));
  trees[file] = plain(tree.rootNode);
  trees[file].c = [...(trees[file].c ?? []), ...missing(tree.rootNode)];
}
process.stdout.write(JSON.stringify(trees));
