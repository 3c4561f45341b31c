import type { Json } from './json.ts';

/** What a resource is called on one host, whoever declares it: `file:/etc/hosts`, `user:www`, `service:nginx`. */
export type ObjectKey = string;

/** From harmless to irreversible: reads, ordinary change, restart, reboot, data loss. */
export type Risk = 'read' | 'change' | 'disrupt' | 'reboot' | 'destroy';

/** What a change does to its object. */
export type Action = 'create' | 'update' | 'remove' | 'run' | 'restart';

/** One difference between what is declared and what was seen, and so one reason to act. */
export interface Change {
  readonly object: ObjectKey;
  /** What differs: `exists`, `contents`, `mode`, `version` … */
  readonly field: string;
  readonly action: Action;
  /** Null where there is nothing, or where it must not be shown. */
  readonly before: Json;
  readonly after: Json;
  readonly risk: Risk;
  /** `provisional`: an earlier change of the same plan may alter what was seen. */
  readonly certainty: 'exact' | 'provisional';
  readonly why?: string;
  /** Contents of a text file before and after, for a line diff. */
  readonly text?: TextChange;
}

/** A text before and after. */
export interface TextChange {
  /** Null when there was no file, or its contents are unknown (`note` says why). */
  readonly before: string | null;
  /** Null when the file goes. */
  readonly after: string | null;
  /** Never show the contents: Salt's `show_changes: False`. */
  readonly hidden: boolean;
  /** Why the contents are not here: binary, too large, unreadable. */
  readonly note?: string;
}
