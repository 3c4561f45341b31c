import type { Node } from '../../model/node.ts';
import type { Scalar } from '../../model/value.ts';

/** Data as JSON in Python's way: keys sorted, floats with their point. */
export function toJson(node: Node, indent: number, depth = 0): string {
  const pad = '\n' + ' '.repeat(indent * (depth + 1));
  const close = '\n' + ' '.repeat(indent * depth);
  switch (node.type) {
    case 'scalar':
      return scalarJson(node.value);
    case 'list':
      if (node.items.length === 0) return '[]';
      return `[${pad}${node.items.map((item) => toJson(item, indent, depth + 1)).join(`,${pad}`)}${close}]`;
    case 'map': {
      const entries = sorted(node.entries).map(
        ([key, value]) => `${JSON.stringify(key)}: ${toJson(value, indent, depth + 1)}`,
      );
      return entries.length === 0 ? '{}' : `{${pad}${entries.join(`,${pad}`)}${close}}`;
    }
  }
}

/** Data as YAML in block style, keys sorted; reads back as the same under YAML 1.1 and 1.2. */
export function toYaml(node: Node): string {
  const isEmpty =
    node.type === 'list' ? node.items.length === 0 : node.type === 'map' && node.entries.length === 0;
  return node.type === 'scalar' || isEmpty ? `${inlineYaml(node)}\n` : blockYaml(node, '');
}

function blockYaml(node: Node, pad: string): string {
  if (node.type === 'list')
    return node.items
      .map((item) =>
        isBlock(item)
          ? `${pad}- ${blockYaml(item, `${pad}  `).trimStart()}`
          : `${pad}- ${inlineYaml(item)}\n`,
      )
      .join('');
  if (node.type === 'scalar') return `${pad}${inlineYaml(node)}\n`;
  return sorted(node.entries)
    .map(([key, value]) => {
      const name = `${pad}${stringYaml(key)}:`;
      if (!isBlock(value)) return `${name} ${inlineYaml(value)}\n`;
      return `${name}\n${blockYaml(value, value.type === 'list' ? pad : `${pad}  `)}`;
    })
    .join('');
}

function isBlock(node: Node): boolean {
  return node.type === 'list' ? node.items.length > 0 : node.type === 'map' && node.entries.length > 0;
}

function inlineYaml(node: Node): string {
  if (node.type === 'list') return '[]';
  if (node.type === 'map') return '{}';
  return typeof node.value === 'string' ? stringYaml(node.value) : scalarJson(node.value);
}

/** Plain only where no reader could take it for anything but text. */
function stringYaml(text: string): string {
  const plain = /^[A-Za-z_/][\w ./@+-]*$/.test(text) && !text.endsWith(' ');
  const other = /^(?:y|n|yes|no|on|off|true|false|null|none|nan|inf)$/i.test(text);
  return plain && !other ? text : JSON.stringify(text);
}

function scalarJson(value: Scalar): string {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const text = String(value.float);
  return Number.isInteger(value.float) && !text.includes('e') ? `${text}.0` : text;
}

function sorted(
  entries: readonly { readonly key: Node; readonly value: Node }[],
): readonly (readonly [string, Node])[] {
  const named = entries.map(({ key, value }) => {
    const plain = key.type === 'scalar' ? key.value : null;
    return [typeof plain === 'string' ? plain : scalarJson(plain), value] as const;
  });
  return named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
