import type { SourceRange } from '../model/source.ts';
import { checkCollectionTag, readScalarText, STANDARD_TAG } from './construct.ts';
import type { Document } from './document.ts';
import { Flaw } from './flaw.ts';
import type { WrittenMap } from './mapping.ts';
import { buildMap } from './mapping.ts';
import type { Marks } from './marks.ts';
import { markOf } from './marks.ts';
import type { ReadNode } from './nodes.ts';
import { MergeKey, ReadList, ReadScalar } from './nodes.ts';
import { complain, Problems } from './problem.ts';
import type { Tokens } from './tokens.ts';
import { Kind } from './tokens.ts';

/** What stands in front of a node's content: the tokens of `&anchor` and `!tag`, -1 for none. */
export interface Properties {
  readonly anchor: number;
  readonly tag: number;
}

/** Neither anchor nor tag. */
export const NONE: Properties = { anchor: -1, tag: -1 };

/** The items of a list as they were written, and where it stands. */
interface WrittenList {
  readonly start: number;
  readonly end: number;
  readonly items: readonly ReadNode[];
}

const MERGE_TAG = `${STANDARD_TAG}merge`;

/** Makes nodes out of what the parser found: resolves scalars, applies tags. */
export class NodeBuilder {
  /** Mistakes in values, which do not keep the rest from being read. */
  readonly problems = new Problems();
  /** Nodes made, those that aliases repeat included. */
  made = 0;
  readonly #document: Document;
  readonly #tokens: Tokens;
  readonly #handles = new Map<string, string>();
  readonly #marks: Marks | undefined;
  #hasVersion = false;

  constructor(document: Document, tokens: Tokens, marks: Marks | undefined) {
    this.#marks = marks;
    this.#document = document;
    this.#tokens = tokens;
  }

  /** Takes note of a directive. @throws Flaw when it asks for YAML 2 or comes twice. */
  readDirective(token: number): void {
    const text = this.#tokens.texts.get(token) ?? '';
    const handle = this.#tokens.handles.get(token) ?? '';
    if (text === '') return;
    const isVersion = text === 'YAML';
    const isTwice = isVersion ? this.#hasVersion : this.#handles.has(handle);
    if (isTwice || (isVersion && Number(handle) !== 1)) this.#refuse('directive', token);
    if (isVersion) this.#hasVersion = true;
    else this.#handles.set(handle, text.slice('TAG '.length));
  }

  /** What stands where nothing is written. */
  empty(offset: number): ReadNode {
    this.made++;
    return new ReadScalar(this.#document, offset, offset, null);
  }

  scalar(token: number, properties: Properties, isKey: boolean): ReadNode {
    if (this.#marks === undefined) return this.#scalar(token, properties, isKey);
    return this.#marked(properties, (rest) => this.#scalar(token, rest, isKey));
  }

  #scalar(token: number, properties: Properties, isKey: boolean): ReadNode {
    const { kinds, starts, ends, texts } = this.#tokens;
    const isPlain = kinds[token] === Kind.plain;
    const start = starts[token] ?? 0;
    const end = ends[token] ?? 0;
    const trim = isPlain ? 0 : 1;
    const text = texts.get(token) ?? this.#document.text.slice(start + trim, end - trim);
    this.made++;
    const tag = properties.tag < 0 ? undefined : this.#tagName(properties.tag);
    const isResolved = tag === undefined ? isPlain : tag === '!';
    const isMerge = tag === MERGE_TAG || (isResolved && text === '<<');
    if (isKey && isMerge) return new MergeKey(this.#document, start, end, text);
    const read = readScalarText(text, isPlain, tag, isKey);
    if (typeof read !== 'object' || read === null || !('problem' in read))
      return new ReadScalar(this.#document, start, end, read);
    const place = properties.tag >= 0 ? this.range(properties.tag) : this.#document.range(start, end);
    this.problems.all.push(complain(place, read.problem));
    return new ReadScalar(this.#document, start, end, null);
  }

  /** An anchor or a tag with nothing behind it. */
  emptyScalar(properties: Properties, offset: number): ReadNode {
    return this.#marked(properties, (rest) => this.#emptyScalar(rest, offset));
  }

  #emptyScalar(properties: Properties, offset: number): ReadNode {
    if (properties.tag < 0) return this.empty(offset);
    this.made++;
    const tag = properties.tag < 0 ? undefined : this.#tagName(properties.tag);
    // libyaml takes a lone `!` for text.
    if (tag === '!') return new ReadScalar(this.#document, offset, offset, '');
    const read = readScalarText('', true, tag, false);
    if (typeof read !== 'object' || read === null || !('problem' in read))
      return new ReadScalar(this.#document, offset, offset, read);
    this.problems.all.push(complain(this.range(properties.tag), read.problem));
    return new ReadScalar(this.#document, offset, offset, null);
  }

  list(properties: Properties, { start, end, items }: WrittenList): ReadNode {
    return this.#marked(properties, (rest) => {
      if (rest.tag >= 0) this.#checkTag(rest.tag, 'list');
      this.made++;
      return new ReadList(this.#document, start, end, items);
    });
  }

  map(properties: Properties, written: WrittenMap): ReadNode {
    return this.#marked(properties, (rest) => {
      if (rest.tag >= 0) this.#checkTag(rest.tag, 'map');
      this.made++;
      return buildMap(this.#document, written, this.problems, this.#marks !== undefined);
    });
  }

  /** Makes a node as if it had no tag where the tag is a mark, and notes the mark. */
  #marked(properties: Properties, make: (rest: Properties) => ReadNode): ReadNode {
    const marks = this.#marks;
    const mark =
      marks === undefined || properties.tag < 0 ? undefined : markOf(this.#tagName(properties.tag));
    if (mark === undefined) return make(properties);
    const node = make({ ...properties, tag: -1 });
    marks?.set(node, mark);
    return node;
  }

  /** The name of an anchor or alias. */
  name(token: number): string {
    return this.#document.text.slice((this.#tokens.starts[token] ?? 0) + 1, this.#tokens.ends[token]);
  }

  range(token: number): SourceRange {
    return this.#document.range(this.#tokens.starts[token] ?? 0, this.#tokens.ends[token] ?? 0);
  }

  #tagName(token: number): string {
    const handle = this.#tokens.handles.get(token);
    const suffix = this.#tokens.texts.get(token) ?? '';
    if (handle === undefined) return suffix;
    const known = handle === '!' ? '!' : handle === '!!' ? STANDARD_TAG : undefined;
    const prefix = this.#handles.get(handle) ?? known;
    return prefix === undefined ? this.#refuse('tag-handle', token) : prefix + suffix;
  }

  #checkTag(token: number, type: 'list' | 'map'): void {
    const problem = checkCollectionTag(this.#tagName(token), type);
    if (problem !== undefined) this.problems.all.push(complain(this.range(token), problem));
  }

  #refuse(kind: Flaw['kind'], token: number): never {
    throw new Flaw(kind, this.#tokens.starts[token] ?? 0, this.#tokens.ends[token] ?? 0);
  }
}
