import type { Site } from '../site.ts';

/** The Python exceptions that templates can raise here. */
export type PyErrorType =
  | 'TypeError'
  | 'ValueError'
  | 'KeyError'
  | 'IndexError'
  | 'AttributeError'
  | 'ZeroDivisionError'
  | 'OverflowError'
  | 'RuntimeError'
  | 'FilterArgumentError'
  | 'SecurityError'
  | 'UndefinedError'
  | 'TemplateNotFound'
  | 'TemplateRuntimeError';

/** What Python would have raised; the renderer makes it a diagnostic with the place where it happened. */
export class PyError extends Error {
  readonly type: PyErrorType;
  /** The place to show, when it is better known than the operation in progress. */
  readonly site: Site | undefined;
  readonly fix: string | undefined;
  /** The keyword argument at fault: the call knows where it is written. */
  readonly keyword: string | undefined;

  constructor(
    type: PyErrorType,
    message: string,
    more: { site?: Site | undefined; fix?: string | undefined; keyword?: string } = {},
  ) {
    super(message);
    this.type = type;
    this.site = more.site;
    this.fix = more.fix;
    this.keyword = more.keyword;
  }
}

/** Raises Python's TypeError. */
export function typeError(message: string): never {
  throw new PyError('TypeError', message);
}

/** Raises Python's OverflowError. */
export function overflow(message: string): never {
  throw new PyError('OverflowError', message);
}

/** Raises Python's ValueError. */
export function valueError(message: string): never {
  throw new PyError('ValueError', message);
}
