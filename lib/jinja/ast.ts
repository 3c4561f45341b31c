import type { Site } from './site.ts';
import type { Arithmetic } from './python/arithmetic.ts';
import type { Comparison } from './python/compare.ts';
import type { Val } from './python/value.ts';

/** `name=value`; `site` is that of the name. */
export interface NamedArgument {
  readonly name: string;
  readonly value: Expression;
  readonly site: Site;
}

/** Arguments as a call, filter or test writes them. */
export interface Arguments {
  readonly positional: readonly Expression[];
  readonly named: readonly NamedArgument[];
  /** `*list` */
  readonly star?: Expression;
  /** `**dict` */
  readonly doubleStar?: Expression;
}

/** An expression; `site` is what an error points at. */
export type Expression = { readonly site: Site } & (
  | { readonly type: 'constant'; readonly value: Val }
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'tuple' | 'list'; readonly items: readonly Expression[] }
  | {
      readonly type: 'dict';
      readonly entries: readonly { readonly key: Expression; readonly value: Expression }[];
    }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string }
  | { readonly type: 'item'; readonly of: Expression; readonly key: Expression }
  | {
      readonly type: 'slice';
      readonly of: Expression;
      readonly start: Expression | null;
      readonly stop: Expression | null;
      readonly step: Expression | null;
    }
  | { readonly type: 'call'; readonly callee: Expression; readonly args: Arguments }
  /** `value` is null for the head of a filter block. */
  | {
      readonly type: 'filter';
      readonly name: string;
      readonly value: Expression | null;
      readonly args: Arguments;
    }
  | {
      readonly type: 'test';
      readonly name: string;
      readonly value: Expression;
      readonly args: Arguments;
      readonly not: boolean;
    }
  | {
      readonly type: 'arithmetic';
      readonly operator: Arithmetic;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly type: 'concat'; readonly parts: readonly Expression[] }
  | { readonly type: 'sign'; readonly operator: '-' | '+'; readonly value: Expression }
  | { readonly type: 'not'; readonly value: Expression }
  | { readonly type: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
  | {
      readonly type: 'compare';
      readonly first: Expression;
      readonly rest: readonly {
        readonly operator: Comparison;
        readonly value: Expression;
        readonly site: Site;
      }[];
    }
  | {
      readonly type: 'if';
      readonly test: Expression;
      readonly then: Expression;
      readonly otherwise: Expression | null;
    }
);

/** What can stand left of an assignment. */
export type Target = { readonly site: Site } & (
  | { readonly type: 'name'; readonly name: string }
  | { readonly type: 'namespace'; readonly name: string; readonly attribute: string }
  | { readonly type: 'tuple'; readonly items: readonly Target[] }
);

/** A parameter of a macro or call block. */
export interface Parameter {
  readonly name: string;
  readonly otherwise: Expression | null;
  readonly site: Site;
}

/** Parameters and body of a macro or call block. */
export interface MacroBody {
  /** Null for the body of a call block. */
  readonly name: string | null;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
}

/** One statement; text and outputs are statements too. */
export type Statement = { readonly site: Site } & (
  | { readonly type: 'text' }
  | { readonly type: 'output'; readonly value: Expression }
  | {
      readonly type: 'for';
      readonly target: Target;
      readonly iter: Expression;
      readonly test: Expression | null;
      readonly recursive: boolean;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | {
      readonly type: 'if';
      readonly branches: readonly { readonly test: Expression; readonly body: readonly Statement[] }[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly type: 'set'; readonly target: Target; readonly value: Expression }
  /** `{% set x %}…{% endset %}`, and Salt's `{% load_yaml as x %}…{% endload %}`. */
  | {
      readonly type: 'capture';
      readonly target: Target;
      readonly filter: Expression | null;
      readonly load: DataFormat | null;
      readonly body: readonly Statement[];
    }
  | { readonly type: 'macro'; readonly name: string; readonly macro: MacroBody }
  | { readonly type: 'call'; readonly call: Expression; readonly macro: MacroBody }
  | { readonly type: 'filter'; readonly filter: Expression; readonly body: readonly Statement[] }
  | {
      readonly type: 'with';
      readonly values: readonly { readonly target: Target; readonly value: Expression }[];
      readonly body: readonly Statement[];
    }
  | { readonly type: 'scope'; readonly body: readonly Statement[] }
  | {
      readonly type: 'include';
      readonly template: Expression;
      readonly ignoreMissing: boolean;
      readonly withContext: boolean;
    }
  | {
      readonly type: 'import';
      readonly template: Expression;
      readonly target: string;
      readonly withContext: boolean;
    }
  | {
      readonly type: 'from';
      readonly template: Expression;
      readonly names: readonly { readonly name: string; readonly as: string; readonly site: Site }[];
      readonly withContext: boolean;
    }
  | {
      readonly type: 'importData';
      readonly format: DataFormat;
      readonly template: Expression;
      readonly target: string;
      readonly withContext: boolean;
    }
  | { readonly type: 'extends'; readonly template: Expression }
  | {
      readonly type: 'block';
      readonly name: string;
      readonly scoped: boolean;
      readonly required: boolean;
      readonly body: readonly Statement[];
    }
  | { readonly type: 'do'; readonly value: Expression }
  | { readonly type: 'break' | 'continue' }
);

/** How Salt's load and import tags read their text. */
export type DataFormat = 'yaml' | 'json' | 'text';
