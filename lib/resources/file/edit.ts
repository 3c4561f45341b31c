import { RegexBudgetError } from '../../regex/pattern-error.ts';
import { type AppendEdit, applyAppend } from './edit-append.ts';
import { applyBlock, type BlockEdit } from './edit-block.ts';
import { applyComment, type CommentEdit } from './edit-comment.ts';
import { applyKeyValue, type KeyValueEdit } from './edit-keyvalue.ts';
import { applyLine, type LineEdit } from './edit-line.ts';
import type { EditResult } from './lines.ts';
import { applyReplace, type ReplaceEdit } from './edit-replace.ts';

/** A change to a part of a text, as data. */
export type Edit = AppendEdit | BlockEdit | CommentEdit | KeyValueEdit | LineEdit | ReplaceEdit;

/** Makes the edit; a text that is as it should be comes back unchanged. */
export function applyEdit(edit: Edit, text: string): EditResult {
  try {
    return apply(edit, text);
  } catch (error) {
    if (error instanceof RegexBudgetError) return { problem: error.message };
    throw error;
  }
}

function apply(edit: Edit, text: string): EditResult {
  switch (edit.op) {
    case 'append':
    case 'prepend':
      return applyAppend(edit, text);
    case 'block':
      return applyBlock(edit, text);
    case 'comment':
    case 'uncomment':
      return applyComment(edit, text);
    case 'keyvalue':
      return applyKeyValue(edit, text);
    case 'line':
      return applyLine(edit, text);
    case 'replace':
      return applyReplace(edit, text);
  }
}
