import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { SourceRange } from '../model/source.ts';
import type { Value } from '../model/value.ts';

/** A template's text under the name that errors show. */
export interface TemplateSource {
  /** Path as the user would type it; SourceRange.file in everything that comes of it. */
  readonly file: string;
  readonly text: string;
}

/** Finds what `import`, `from`, `include` and `import_yaml` name. */
export interface Loader {
  /** @returns undefined when there is no such template. `from` is the file that relative names begin at. */
  load(name: string, from: string): TemplateSource | undefined;
  /** Names that look like a missing one, for the fix line. */
  near?(name: string): readonly string[];
}

/** A call from a template into the host program. */
export interface HostCall {
  readonly args: readonly HostValue[];
  readonly kwargs: ReadonlyMap<string, HostValue>;
  readonly source: SourceRange;
}

/** A function that templates call, with positional and keyword arguments. Throws TemplateFailure to complain. */
export interface HostFunction {
  readonly name: string;
  readonly call: (call: HostCall) => HostValue;
}

/** An object whose members are looked up by the host program: `salt['pillar.get']`, `salt.pillar.get`. */
export interface HostObject {
  readonly name: string;
  /** @returns undefined when there is no such member; the template then gets Undefined. May throw TemplateFailure. */
  readonly member: (key: Value, source: SourceRange) => HostValue | undefined;
  /** Python's `key in object`; without it that is a TypeError. */
  readonly has?: (key: Value) => boolean;
}

/** What host functions take and give: data, functions, objects. */
export type HostValue = Value | HostFunction | HostObject;

/** Thrown by host functions: becomes the diagnostic as it is; `source` is filled in with the call's place if missing. */
export class TemplateFailure extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.summary);
    this.diagnostic = diagnostic;
  }
}

/** Which places wrote what of a text. */
export interface Places {
  /** Whether each part of another text of the same length was written by the same place; no where that is not certain. */
  isSame(other: Places): boolean;
}

/** What rendering a template gave. */
export interface Rendered {
  readonly text: string;
  /** For comparing with a rendering of the same text. */
  readonly places: Places;
  /** The place in a template that wrote the character at this offset (UTF-16) of the text. */
  at(offset: number): SourceRange;
}

/** A template ready to be rendered, any number of times. */
export interface Template {
  readonly source: TemplateSource;
  render(variables: ReadonlyMap<string, HostValue>): Rendering;
}

/** A rendered text, or the reasons why there is none. */
export type Rendering =
  | { readonly rendered: Rendered; readonly diagnostics?: undefined }
  | { readonly rendered?: undefined; readonly diagnostics: readonly Diagnostic[] };

/** Settings of an engine; undefined members take the defaults of Salt. */
export interface EngineOptions {
  readonly loader: Loader;
  /** Filters and tests beside Jinja's own, by name; a filter's first argument is the value. */
  readonly filters?: ReadonlyMap<string, HostFunction>;
  readonly tests?: ReadonlyMap<string, HostFunction>;
  /** Names every template sees, imported ones without context included. */
  readonly globals?: ReadonlyMap<string, HostValue>;
  /**
   * Reads YAML for the tags load_yaml and import_yaml and the filter load_yaml; `at` says which place wrote a character,
   * where that is known. Throws TemplateFailure.
   */
  readonly loadYaml?: (text: string, file: string, at?: Rendered['at']) => Value;
  /**
   * What a template imported without context sees in place of the rendering's variables, by the name it was asked for.
   * As in Salt it is what the template loaded last in the rendering has, which a template loaded again does not change.
   */
  readonly importVariables?: (name: string) => ReadonlyMap<string, HostValue>;
  /** Called when something of a rendering failed and it goes on, to tell all mistakes at once. */
  readonly onFailure?: () => void;
  /** Whether templates imported without context see the variables of the rendering: Salt's do, Jinja's do not. Default true. */
  readonly importsSeeVariables?: boolean;
  /** Drops the newline after a tag; default false. */
  readonly trimBlocks?: boolean;
  /** Drops the white space before a tag that begins its line; default false. */
  readonly lstripBlocks?: boolean;
  /** Evaluation steps one rendering may take, so that no template can hang; default 2,000,000. */
  readonly stepLimit?: number;
}

/** A Jinja engine: compiles each text once, however many hosts it is rendered for. */
export interface Engine {
  /** The compiled template, or its syntax errors. Cached by file and text. */
  compile(source: TemplateSource): Compilation;
}

/** A template, or its syntax errors. */
export type Compilation =
  | { readonly template: Template; readonly diagnostics?: undefined }
  | { readonly template?: undefined; readonly diagnostics: readonly Diagnostic[] };
