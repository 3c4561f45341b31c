import type { BlockBody, Evaluate } from './frame.ts';
import type { Native } from './python/native.ts';
import { PyError } from './python/error.ts';
import type { SyntaxFailure } from './token.ts';

/** What the compilation of one template knows. */
export class Compiler {
  readonly filters: ReadonlyMap<string, Native>;
  readonly tests: ReadonlyMap<string, Native>;
  readonly blocks = new Map<string, BlockBody>();
  /** Whether the template extends another, so that outputs must ask if they are still wanted. */
  readonly extends: boolean;
  /** Filters and tests that do not exist: all of them are told at once. */
  readonly failures: SyntaxFailure[] = [];
  private conditions = 0;
  private captures = 0;
  private readonly inputs: Evaluate[] = [];

  constructor(functions: {
    readonly filters: ReadonlyMap<string, Native>;
    readonly tests: ReadonlyMap<string, Native>;
    readonly extends: boolean;
  }) {
    this.filters = functions.filters;
    this.tests = functions.tests;
    this.extends = functions.extends;
  }

  /** Whether what is compiled now may never run. */
  get isConditional(): boolean {
    return this.conditions > 0;
  }

  /** Compiles something that may never run. */
  conditionally<T>(compile: () => T): T {
    this.conditions++;
    const result = compile();
    this.conditions--;
    return result;
  }

  /** Compiles the body of a scope of its own: Jinja looks for its filters at once, even inside an `if`. */
  unconditionally<T>(compile: () => T): T {
    const { conditions } = this;
    this.conditions = 0;
    const result = compile();
    this.conditions = conditions;
    return result;
  }

  /** Whether what is compiled now writes to something else than the output of the template. */
  get isCapturing(): boolean {
    return this.captures > 0;
  }

  /** Compiles something whose text goes elsewhere: macros, blocks, block sets. */
  capturing<T>(compile: () => T): T {
    this.captures++;
    const result = compile();
    this.captures--;
    return result;
  }

  /** Compiles filters whose value is the text of a block. */
  withFiltered<T>(input: Evaluate, compile: () => T): T {
    this.inputs.push(input);
    const result = compile();
    this.inputs.pop();
    return result;
  }

  /** What the innermost filter without a value works on. */
  filtered(): Evaluate {
    return (
      this.inputs.at(-1) ??
      (() => {
        throw new PyError('TemplateRuntimeError', 'a filter has no value');
      })
    );
  }
}
