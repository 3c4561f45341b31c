import type { Site } from '../site.ts';
import { PyError } from './error.ts';
import { PyObject } from './value.ts';
import type { Iter } from './value.ts';

/** Jinja's StrictUndefined; `lenient` is the one that an inline if without else yields, which prints as nothing. */
export class Undefined extends PyObject {
  readonly type = 'Undefined';
  readonly hint: string;
  readonly site: Site | undefined;
  readonly lenient: boolean;
  readonly near: (() => string | undefined) | undefined;

  constructor(
    hint: string,
    more: { site?: Site | undefined; lenient?: boolean; near?: (() => string | undefined) | undefined } = {},
  ) {
    super();
    this.hint = hint;
    this.site = more.site;
    this.lenient = more.lenient ?? false;
    this.near = more.near;
  }

  /** Complains that this was used. */
  fail(): never {
    throw new PyError('UndefinedError', this.hint, { site: this.site, fix: this.near?.() });
  }

  override iterate(): Iter {
    if (!this.lenient) this.fail();
    return { next: () => undefined };
  }

  override length(): number {
    if (!this.lenient) this.fail();
    return 0;
  }

  override repr(): string {
    return 'Undefined';
  }
}
