import type { Site, Via } from '../site.ts';
import { typeError } from './error.ts';
import { spendText } from './meter.ts';
import { tuple, PyObject } from './value.ts';
import type { Kwargs, Val } from './value.ts';

/** Arguments as a native function gets them: by position, undefined where none was given. */
export type Args = readonly (Val | undefined)[];

/** The parameters of a native function. */
export interface Parameters {
  readonly names: readonly string[];
  /** How many of them must be given. */
  readonly required: number;
  /** Whether further positional arguments are taken, as one tuple after the named ones. */
  readonly rest: boolean;
  /** Whether further keywords are taken, as one dict after everything else. */
  readonly keywords: boolean;
}

/** What filters that apply other filters and tests need of the rendering. */
export interface Environment {
  applyFilter(name: string, args: Val[], kwargs: Kwargs): Val;
  applyTest(name: string, args: Val[], kwargs: Kwargs): boolean;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
  /** The operation in progress. */
  readonly site: Site;
  readonly via: Via | null;
  /** Reads YAML; the name of the file that asks is known to the rendering. */
  loadYaml(text: string): Val;
  /** Calls whatever templates can call. */
  call(callee: Val, args: Val[], kwargs: Kwargs): Val;
}

/** The code of a native function. */
export type Run = (args: Args, environment: Environment) => Val;

/** A function of the engine itself, callable from templates with Python's rules for arguments. */
export class Native extends PyObject {
  readonly type = 'builtin_function_or_method';
  readonly name: string;
  readonly parameters: Parameters;
  readonly run: Run;

  constructor(name: string, parameters: Parameters, run: Run) {
    super();
    this.name = name;
    this.parameters = parameters;
    this.run = run;
  }

  invoke(args: Val[], kwargs: Kwargs, environment: Environment): Val {
    const [first] = args;
    if (typeof first === 'string') spendText(first.length);
    return this.run(bindArguments(this.name, this.parameters, args, kwargs), environment);
  }

  override repr(): string {
    return `<built-in function ${this.name}>`;
  }
}

/** A method together with its object. */
export class BoundMethod extends PyObject {
  readonly type = 'builtin_function_or_method';
  readonly self: Val;
  readonly method: Native;

  constructor(self: Val, method: Native) {
    super();
    this.self = self;
    this.method = method;
  }

  override repr(): string {
    return `<built-in method ${this.method.name}>`;
  }
}

const parsed = new Map<string, Parameters>();

/** Reads parameters written as `value width= first= *rest **more`; a `=` marks those that may be left out. */
export function parameters(text: string): Parameters {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const words = text.split(' ').filter((word) => word !== '');
  const plain = words.filter((word) => !word.startsWith('*'));
  const made: Parameters = {
    names: plain.map((word) => word.replace('=', '')),
    required: plain.filter((word) => !word.endsWith('=')).length,
    rest: words.some((word) => /^\*[^*]/.test(word)),
    keywords: words.some((word) => word.startsWith('**')),
  };
  parsed.set(text, made);
  return made;
}

/** A native function with its parameters as `parameters` reads them. */
export function native(name: string, signature: string, run: Run): Native {
  return new Native(name, parameters(signature), run);
}

/** Lays arguments out by position. @throws PyError TypeError as Python's calls do. */
function bindArguments(name: string, wanted: Parameters, args: Val[], kwargs: Kwargs): Args {
  const { names, required } = wanted;
  if (
    kwargs === null &&
    !wanted.rest &&
    !wanted.keywords &&
    args.length <= names.length &&
    args.length >= required
  )
    return args;
  const bound: (Val | undefined)[] = args.slice(0, names.length);
  if (args.length > names.length && !wanted.rest)
    typeError(
      `${name}() takes ${counted(names.length, required)} but ${args.length} ${args.length === 1 ? 'was' : 'were'} given`,
    );
  const more = new Map<Val, Val>();
  for (const [key, value] of kwargs ?? []) {
    const at = names.indexOf(key);
    if (at >= 0 && bound[at] === undefined) bound[at] = value;
    else if (at >= 0) typeError(`${name}() got multiple values for argument '${key}'`);
    else if (wanted.keywords) more.set(key, value);
    else typeError(`${name}() got an unexpected keyword argument '${key}'`);
  }
  for (let i = 0; i < required; i++)
    if (bound[i] === undefined) typeError(`${name}() missing required argument: '${names[i] ?? ''}'`);
  if (wanted.rest || wanted.keywords) bound.length = names.length;
  if (wanted.rest) bound.push(tuple(args.slice(names.length)));
  if (wanted.keywords) bound.push(more);
  return bound;
}

function counted(most: number, least: number): string {
  const plural = most === 1 ? 'argument' : 'arguments';
  return least === most ? `${most} positional ${plural}` : `from ${least} to ${most} positional ${plural}`;
}
