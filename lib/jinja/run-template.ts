import { Context, Frame } from './frame.ts';
import type { Rendered } from './api.ts';
import type { BlockBody, Code } from './frame.ts';
import { MappedOutput, type Output } from './output.ts';
import { PyError } from './python/error.ts';
import { PyObject } from './python/value.ts';
import type { Kwargs, Val } from './python/value.ts';
import { Writer } from './writer.ts';
import type { Runtime } from './frame.ts';

const NO_VARIABLES: ReadonlyMap<string, Val> = new Map();

/** Runs a template, and the templates it extends. */
export function runTemplate(code: Code, context: Context, runtime: Runtime, out: Output): void {
  let current: Code | null = code;
  while (current !== null) {
    for (const block of current.blocks.values()) {
      const known = context.blocks.get(block.name);
      if (known === undefined) context.blocks.set(block.name, [block]);
      else known.push(block);
    }
    const frame: Frame = new Frame(current.slots(), null, { context, runtime, out });
    current.body(frame);
    current = frame.parent;
  }
}

/** Runs the block that stands so many steps up from the innermost child's. */
export function runBlock(
  name: string,
  level: number,
  how: { readonly context: Context; readonly runtime: Runtime; readonly out: Output },
): void {
  const block: BlockBody | undefined = how.context.blocks.get(name)?.[level];
  if (block === undefined) throw new PyError('UndefinedError', `there is no parent block called '${name}'.`);
  if (block.required) throw new PyError('TemplateRuntimeError', `Required block '${name}' not found`);
  const frame = new Frame(block.slots(), null, how);
  frame.slots[0] = new BlockReference(name, level + 1, how);
  block.body(frame);
}

/** What `super` and `self.name` are: a block that can be called. */
class BlockReference extends Writer {
  readonly type = 'BlockReference';
  private readonly name: string;
  private readonly level: number;
  private readonly home: { readonly context: Context; readonly runtime: Runtime };

  constructor(name: string, level: number, home: { readonly context: Context; readonly runtime: Runtime }) {
    super();
    this.name = name;
    this.level = level;
    this.home = home;
  }

  write(_args: Val[], _kwargs: Kwargs, out: Output): void {
    const { context, runtime } = this.home;
    const outer = runtime.enter(runtime.at);
    runBlock(this.name, this.level, { context, runtime, out });
    runtime.leave(outer);
  }

  override attribute(name: string): Val | undefined {
    return name === 'super' ? new BlockReference(this.name, this.level + 1, this.home) : undefined;
  }
}

/** What `self` is: the blocks of the template by name. */
export class SelfReference extends PyObject {
  readonly type = 'TemplateReference';
  private readonly home: { readonly context: Context; readonly runtime: Runtime };

  constructor(home: { readonly context: Context; readonly runtime: Runtime }) {
    super();
    this.home = home;
  }

  override attribute(name: string): Val | undefined {
    return this.home.context.blocks.has(name) ? new BlockReference(name, 0, this.home) : undefined;
  }
}

/** What `import` yields: the names a template exports. */
export class Module extends PyObject {
  readonly type = 'TemplateModule';
  readonly context: Context;
  /** What it wrote, and which places wrote it. */
  readonly written: Rendered;

  constructor(context: Context, written: Rendered) {
    super();
    this.context = context;
    this.written = written;
  }

  override attribute(name: string): Val | undefined {
    return this.context.exported.has(name) ? this.context.vars.get(name) : undefined;
  }

  override repr(): string {
    return this.written.text;
  }
}

/** Runs a template for what it exports. `locals` is null for an import without context. */
export function importTemplate(code: Code, frame: Frame, locals: Map<string, Val> | null): Module {
  const { runtime, context } = frame;
  const known = locals === null ? runtime.modules.get(code.file) : undefined;
  if (known instanceof Module) return known;
  const variables = locals !== null ? context.variables : withoutContext(frame);
  const inner = new Context(context.globals, variables, locals === null ? {} : { vars: locals });
  const out = new MappedOutput();
  const outer = runtime.enter(runtime.at);
  runTemplate(code, inner, runtime, out);
  runtime.leave(outer);
  const module = new Module(inner, out.finish(code.whole));
  if (locals === null) runtime.modules.set(code.file, module);
  return module;
}

/** Runs an included template into the output of the one that includes it. */
export function includeTemplate(code: Code, frame: Frame, locals: Map<string, Val> | null): void {
  const { runtime, context } = frame;
  const inner =
    locals === null
      ? new Context(context.globals, withoutContext(frame))
      : new Context(context.globals, context.variables, { vars: locals });
  const outer = runtime.enter(runtime.at);
  runTemplate(code, inner, runtime, frame.out);
  runtime.leave(outer);
}

/** What a template sees that is imported or included without context. */
function withoutContext({ runtime, context }: Frame): ReadonlyMap<string, Val> {
  if (!runtime.services.importsSeeVariables) return NO_VARIABLES;
  if (runtime.importVariables.size === 0) return context.variables;
  return new Map([...context.variables, ...runtime.importVariables]);
}
