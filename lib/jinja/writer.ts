import type { Output } from './output.ts';
import { PyObject } from './python/value.ts';
import type { Kwargs, Val } from './python/value.ts';

/** An object whose call writes text: macros, callers, super, recursive loops. */
export abstract class Writer extends PyObject {
  /** Calls it, its text going to `out`. */
  abstract write(args: Val[], kwargs: Kwargs, out: Output): void;
}
