/** A text after an edit, or why it cannot be done. */
export type EditResult = { readonly text: string } | { readonly problem: string };

/** A change to a part of a text, as data. */
export type Edit = AppendEdit;

/** Lines that must be somewhere in the text; missing ones go to its end or its beginning. */
export interface AppendEdit {
  readonly op: 'append' | 'prepend';
  readonly chunks: readonly string[];
}
