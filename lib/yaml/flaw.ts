/** What kinds of mistakes in the syntax there are; `explain.ts` has the words for each. */
export type FlawKind =
  | 'character'
  | 'tab'
  | 'cannot-start'
  | 'value-not-allowed'
  | 'key-not-allowed'
  | 'item-not-allowed'
  | 'colon-missing'
  | 'quote-open'
  | 'quote-separator'
  | 'escape-unknown'
  | 'escape-digits'
  | 'block-header'
  | 'anchor-name'
  | 'tag-syntax'
  | 'tag-handle'
  | 'directive'
  | 'content-missing'
  | 'block-end'
  | 'flow-separator'
  | 'flow-colon'
  | 'flow-open'
  | 'flow-unopened'
  | 'several-documents'
  | 'document-start'
  | 'too-deep'
  | 'alias-recursive'
  | 'alias-bomb'
  | 'anchor-twice';

/** Stops the reading of a text at a mistake in its syntax. Never leaves this room: parseYaml makes it a diagnostic. */
export class Flaw extends Error {
  readonly kind: FlawKind;
  readonly start: number;
  readonly end: number;
  /** Offset of the other place that matters: where the quote opens, where the collection begins. */
  readonly other: number | undefined;

  constructor(kind: FlawKind, start: number, end: number, other?: number) {
    super(kind);
    this.kind = kind;
    this.start = start;
    this.end = end;
    this.other = other;
  }
}
