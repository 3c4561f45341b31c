import { Anchors } from './anchors.ts';
import type { Properties } from './build.ts';
import { NodeBuilder, NONE } from './build.ts';
import type { Document } from './document.ts';
import { Flaw } from './flaw.ts';
import type { Marks } from './marks.ts';
import type { ReadEntry, ReadNode } from './nodes.ts';
import type { Problems } from './problem.ts';
import { Stack } from './stack.ts';
import { TokenReader } from './token-reader.ts';
import type { Tokens } from './tokens.ts';
import { Kind } from './tokens.ts';

/** How deep collections may nest: PyYAML gives up at about 300, and everything behind us recurses. */
const DEEPEST = 200;

const DOCUMENT_ENDS = new Set<number>([Kind.directive, Kind.documentStart, Kind.documentEnd, Kind.streamEnd]);

/** Builds the nodes of the one document that a text holds, by the grammar of PyYAML's parser. */
export class Composer {
  readonly #reader: TokenReader;
  readonly #builder: NodeBuilder;
  #depth = 0;
  /** Items and entries of the collections being read. */
  readonly #items = new Stack<ReadNode>();
  readonly #entries = new Stack<ReadEntry>();
  readonly #anchors: Anchors;

  constructor(document: Document, tokens: Tokens, marks?: Marks) {
    this.#reader = new TokenReader(tokens);
    this.#builder = new NodeBuilder(document, tokens, marks);
    this.#anchors = new Anchors(tokens, this.#reader, this.#builder);
  }

  /** Mistakes that did not keep the rest from being read. */
  get problems(): Readonly<Problems> {
    return this.#builder.problems;
  }

  /** @throws Flaw at the first mistake in the syntax. */
  composeDocument(): ReadNode {
    const first = this.#reader.peek();
    if (first === Kind.streamEnd) return this.#builder.empty(0);
    const isExplicit = first === Kind.directive || first === Kind.documentStart;
    if (isExplicit) this.#startDocument();
    const isEmpty = isExplicit && DOCUMENT_ENDS.has(this.#reader.peek());
    const node = isEmpty ? this.#empty() : this.#node(true, false, false);
    while (this.#reader.peek() === Kind.documentEnd) this.#reader.take();
    const next = this.#reader.peek();
    if (next === Kind.directive || next === Kind.documentStart) this.#reader.refuse('several-documents');
    if (next !== Kind.streamEnd) this.#reader.refuse('document-start');
    return node;
  }

  #startDocument(): void {
    while (this.#reader.peek() === Kind.directive) this.#builder.readDirective(this.#reader.take());
    if (this.#reader.peek() !== Kind.documentStart) this.#reader.refuse('document-start');
    this.#reader.take();
  }

  #node(inBlock: boolean, mayBeIndentless: boolean, isKey: boolean): ReadNode {
    const kind = this.#reader.peek();
    if (kind === Kind.plain || kind === Kind.quoted || kind === Kind.block)
      return this.#builder.scalar(this.#reader.take(), NONE, isKey);
    if (kind === Kind.alias) return this.#anchors.repeat(this.#reader.take()) ?? this.#empty();
    if (this.#depth >= DEEPEST) this.#reader.refuse('too-deep');
    this.#depth++;
    const node =
      kind === Kind.anchor || kind === Kind.tag
        ? this.#withProperties(inBlock, mayBeIndentless, isKey)
        : this.#content(NONE, inBlock, mayBeIndentless, isKey);
    this.#depth--;
    return node;
  }

  #withProperties(inBlock: boolean, mayBeIndentless: boolean, isKey: boolean): ReadNode {
    const isAnchorFirst = this.#reader.peek() === Kind.anchor;
    const first = this.#reader.take();
    const hasBoth = this.#reader.peek() === (isAnchorFirst ? Kind.tag : Kind.anchor);
    const second = hasBoth ? this.#reader.take() : -1;
    const properties = isAnchorFirst ? { anchor: first, tag: second } : { anchor: second, tag: first };
    const read = (): ReadNode => this.#content(properties, inBlock, mayBeIndentless, isKey);
    return properties.anchor < 0 ? read() : this.#anchors.hold(properties.anchor, read);
  }

  #content(properties: Properties, inBlock: boolean, mayBeIndentless: boolean, isKey: boolean): ReadNode {
    const kind = this.#reader.peek();
    switch (kind) {
      case Kind.plain:
      case Kind.quoted:
      case Kind.block:
        return this.#builder.scalar(this.#reader.take(), properties, isKey);
      case Kind.flowSequenceStart:
        return this.#flowList(properties);
      case Kind.flowMappingStart:
        return this.#flowMap(properties);
      case Kind.blockEntry:
        if (mayBeIndentless) return this.#blockList(properties, false);
        break;
      case Kind.blockSequenceStart:
        if (inBlock) return this.#blockList(properties, true);
        break;
      case Kind.blockMappingStart:
      case Kind.blockMappingStartAndKey:
        if (inBlock) return this.#blockMap(properties);
        break;
      default:
        break;
    }
    if (properties === NONE) this.#reader.refuse('content-missing');
    return this.#builder.emptyScalar(properties, this.#reader.contentEnd);
  }

  #empty(): ReadNode {
    return this.#builder.empty(this.#reader.contentEnd);
  }

  #list(properties: Properties, start: number, bottom: number): ReadNode {
    const items = this.#items.cut(bottom);
    return this.#builder.list(properties, { start, end: this.#reader.contentEnd, items });
  }

  #map(properties: Properties, start: number, bottom: number): ReadNode {
    const entries = this.#entries.cut(bottom);
    return this.#builder.map(properties, { start, end: this.#reader.contentEnd, entries });
  }

  #blockList(properties: Properties, isIndented: boolean): ReadNode {
    const start = this.#reader.start();
    if (isIndented) this.#reader.take();
    const bottom = this.#items.top;
    while (this.#reader.peek() === Kind.blockEntry) {
      this.#reader.take();
      const next = this.#reader.peek();
      const isEmpty =
        next === Kind.blockEntry ||
        next === Kind.blockEnd ||
        (!isIndented && (next === Kind.key || next === Kind.value));
      this.#items.push(isEmpty ? this.#empty() : this.#node(true, false, false));
    }
    if (isIndented) this.#closeBlock(start);
    return this.#list(properties, start, bottom);
  }

  #closeBlock(start: number): void {
    if (this.#reader.peek() !== Kind.blockEnd) this.#reader.refuse('block-end', this.#reader.at, start);
    this.#reader.take();
  }

  #blockMap(properties: Properties): ReadNode {
    const start = this.#reader.start();
    if (this.#reader.peek() === Kind.blockMappingStart) this.#reader.take();
    else this.#reader.enterMapping();
    const bottom = this.#entries.top;
    while (this.#reader.peek() === Kind.key) {
      this.#reader.take();
      const key = this.#endsEntry() ? this.#empty() : this.#node(true, true, true);
      const hasValue = this.#reader.peek() === Kind.value;
      if (hasValue) this.#reader.take();
      const value = !hasValue || this.#endsEntry() ? this.#empty() : this.#node(true, true, false);
      this.#entries.push({ key, value });
    }
    this.#closeBlock(start);
    return this.#map(properties, start, bottom);
  }

  #endsEntry(): boolean {
    const kind = this.#reader.peek();
    return kind === Kind.key || kind === Kind.value || kind === Kind.blockEnd;
  }

  #flowList(properties: Properties): ReadNode {
    const start = this.#reader.start();
    this.#reader.take();
    const bottom = this.#items.top;
    while (this.#reader.peek() !== Kind.flowSequenceEnd) {
      this.#refuseOpen(start);
      if (this.#items.top > bottom && this.#takeSeparator(start, Kind.flowSequenceEnd)) break;
      this.#items.push(this.#reader.peek() === Kind.key ? this.#pair() : this.#node(false, false, false));
    }
    this.#reader.take();
    return this.#list(properties, start, bottom);
  }

  #refuseOpen(start: number): void {
    if (this.#reader.peek() === Kind.streamEnd)
      throw new Flaw('flow-open', start, start + 1, this.#reader.contentEnd);
  }

  /** Steps over the comma between two entries. @returns whether the collection ends behind it. */
  #takeSeparator(start: number, closing: number): boolean {
    if (this.#reader.peek() !== Kind.flowEntry) this.#reader.refuse('flow-separator', this.#reader.at, start);
    this.#reader.take();
    return this.#reader.peek() === closing;
  }

  /** `[a: 1]` is a list holding a mapping of one entry. */
  #pair(): ReadNode {
    const start = this.#reader.start();
    this.#reader.take();
    const bottom = this.#entries.top;
    this.#entries.push(this.#flowEntry(Kind.flowSequenceEnd));
    return this.#map(NONE, start, bottom);
  }

  #endsFlowEntry(closing: number): boolean {
    const kind = this.#reader.peek();
    return kind === Kind.flowEntry || kind === closing;
  }

  #flowEntry(closing: number): ReadEntry {
    const isKeyEmpty = this.#reader.peek() === Kind.value || this.#endsFlowEntry(closing);
    const key = isKeyEmpty ? this.#empty() : this.#node(false, false, true);
    if (this.#reader.peek() !== Kind.value) return { key, value: this.#empty() };
    this.#reader.take();
    return {
      key,
      value: this.#endsFlowEntry(closing) ? this.#empty() : this.#node(false, false, false),
    };
  }

  #flowMap(properties: Properties): ReadNode {
    const start = this.#reader.start();
    this.#reader.take();
    const bottom = this.#entries.top;
    while (this.#reader.peek() !== Kind.flowMappingEnd) {
      this.#refuseOpen(start);
      if (this.#entries.top > bottom && this.#takeSeparator(start, Kind.flowMappingEnd)) break;
      if (this.#reader.peek() === Kind.key) {
        this.#reader.take();
        this.#entries.push(this.#flowEntry(Kind.flowMappingEnd));
      } else {
        const key = this.#node(false, false, true);
        this.#entries.push({ key, value: this.#empty() });
      }
    }
    this.#reader.take();
    return this.#map(properties, start, bottom);
  }
}
