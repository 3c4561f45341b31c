import type { Code } from '../diagnostics/codes.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { MapNode, Node, ScalarNode } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';

/** A value and the place that says so. */
export interface Placed<T> {
  readonly value: T;
  readonly source: SourceRange;
}

/** What a complaint has besides its place and summary. */
interface Details {
  readonly why?: string | undefined;
  readonly fix?: string | undefined;
  readonly related?: Diagnostic['related'];
  readonly hosts?: readonly string[];
  readonly severity?: Diagnostic['severity'];
}

/** Makes a diagnostic, leaving out what is undefined. */
export function complaint(
  code: Code,
  source: SourceRange,
  summary: string,
  details: Details = {},
): Diagnostic {
  const { why, fix, related, hosts, severity = 'error' } = details;
  return {
    severity,
    code,
    summary,
    source,
    ...(related === undefined ? {} : { related }),
    ...(why === undefined ? {} : { why }),
    ...(fix === undefined ? {} : { fix }),
    ...(hosts === undefined ? {} : { hosts }),
  };
}

/** Reads nodes as what they should be, and collects a complaint (SLAB1002) for each that is not. */
export class ShapeReader {
  readonly diagnostics: Diagnostic[] = [];

  complain(source: SourceRange, summary: string, details: Details = {}): void {
    this.diagnostics.push(complaint('SLAB1002', source, summary, details));
  }

  /**
   * The entries of a mapping whose keys are text; nothing for null, which stands for an empty one.
   * @param switches whether a key may be called `on`.
   */
  entries(
    node: Node,
    what: string,
    switches: 'on' | 'none' = 'none',
  ): readonly { readonly name: Placed<string>; readonly node: Node }[] {
    if (isNull(node)) return [];
    if (node.type !== 'map') {
      this.complain(node.source, `${what} has to be a mapping, not ${nounOf(node)}`);
      return [];
    }
    return node.entries.flatMap(({ key, value }) => {
      const name = isSwitch(key, switches)
        ? { value: 'on', source: key.source }
        : this.text(key, `a name in ${what}`);
      return name === undefined ? [] : [{ name, node: value }];
    });
  }

  /** The members of a mapping with known keys; every other key is a complaint. */
  members<K extends string>(node: Node, what: string, known: readonly K[]): ReadonlyMap<K, Node> {
    const members = new Map<K, Node>();
    for (const { name, node: value } of this.entries(
      node,
      what,
      known.some((key) => key === 'on') ? 'on' : 'none',
    )) {
      const key = known.find((candidate) => candidate === name.value);
      if (key !== undefined) members.set(key, value);
      else
        this.complain(name.source, `${what} has no key "${name.value}"`, {
          why: `its keys are ${known.join(', ')}`,
          fix:
            didYouMean(name.value, known) ??
            calledHere(name.value, known) ??
            this.#placeForVariable(what, name.value, known),
        });
    }
    return members;
  }

  #placeForVariable(what: string, name: string, known: readonly string[]): string {
    return known.includes('vars')
      ? `remove it; a variable for templates belongs under vars: vars: {${name}: …}`
      : `remove it from ${what}`;
  }

  text(node: Node, what: string): Placed<string> | undefined {
    if (node.type === 'scalar' && typeof node.value === 'string')
      return { value: node.value, source: node.source };
    const isScalar = node.type === 'scalar' && node.value !== null;
    this.complain(node.source, `${what} has to be text, not ${nounOf(node)}`, {
      fix: isScalar ? `put quotes around it: "${showScalar(node)}"` : undefined,
    });
    return undefined;
  }

  integer(node: Node, what: string, [least, most]: readonly [number, number]): Placed<number> | undefined {
    const value = node.type === 'scalar' ? node.value : undefined;
    if (typeof value === 'number' && value >= least && value <= most) return { value, source: node.source };
    this.complain(node.source, `${what} has to be a number from ${least} to ${most}, not ${nounOf(node)}`);
    return undefined;
  }

  flag(node: Node, what: string): Placed<boolean> | undefined {
    if (node.type === 'scalar' && typeof node.value === 'boolean')
      return { value: node.value, source: node.source };
    this.complain(node.source, `${what} has to be true or false, not ${nounOf(node)}`);
    return undefined;
  }

  choice<T extends string>(node: Node, what: string, choices: readonly T[]): Placed<T> | undefined {
    const value = node.type === 'scalar' ? node.value : undefined;
    const chosen = choices.find((choice) => choice === value);
    if (chosen !== undefined) return { value: chosen, source: node.source };
    this.complain(node.source, `${what} has to be ${choices.join(' or ')}, not ${nounOf(node)}`, {
      fix: typeof value === 'string' ? didYouMean(value, choices) : undefined,
    });
    return undefined;
  }

  /** A list of texts; a single text stands for a list of one where `single` says so. */
  texts(
    node: Node,
    what: string,
    single: 'single-too' | 'list-only' = 'list-only',
  ): readonly Placed<string>[] {
    if (isNull(node)) return [];
    if (node.type === 'list')
      return node.items.flatMap((item) => this.text(item, `an entry of ${what}`) ?? []);
    if (single === 'single-too' && node.type === 'scalar') {
      const text = this.text(node, what);
      return text === undefined ? [] : [text];
    }
    this.complain(node.source, `${what} has to be a list, not ${nounOf(node)}`, {
      fix:
        node.type === 'scalar' ? `put it in brackets: [${showScalar(node)}]` : 'begin each entry with "- "',
    });
    return [];
  }
}

/** YAML 1.1 reads the bare word `on` as true: where a key of that name belongs, it is meant. */
function isSwitch(key: Node, switches: 'on' | 'none'): boolean {
  return switches === 'on' && key.type === 'scalar' && key.value === true;
}

/** Whether nothing was written. */
function isNull(node: Node): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** What a node is, in a person's words: `a list`, `true`, `"web"`. */
function nounOf(node: Node): string {
  if (node.type === 'list') return 'a list';
  if (node.type === 'map') return isEmptyMap(node) ? 'an empty mapping' : 'a mapping';
  if (node.value === null) return 'empty';
  return typeof node.value === 'string' ? JSON.stringify(node.value) : showScalar(node);
}

function isEmptyMap(node: MapNode): boolean {
  return node.entries.length === 0;
}

function showScalar({ value }: ScalarNode): string {
  return value !== null && typeof value === 'object' ? String(value.float) : String(value);
}

/** What other tools, and other places of this file, call the same thing. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  groups: 'children',
  host: 'address',
  hostname: 'address',
  ip: 'address',
  ansible_host: 'address',
  ansible_port: 'port',
  ansible_user: 'user',
  priv: 'identity_file',
  key: 'identity_file',
  sudo: 'become',
  variables: 'vars',
};

function calledHere(name: string, known: readonly string[]): string | undefined {
  const here = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  return here !== undefined && known.includes(here) ? `did you mean "${here}"?` : undefined;
}
