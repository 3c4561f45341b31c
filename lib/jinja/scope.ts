import { noUse } from './analyze-names.ts';
import type { NameUse } from './analyze-names.ts';

/** Where a variable lives: so many functions out, in that slot. */
export interface Place {
  readonly depth: number;
  readonly slot: number;
  /** Whether the context answers while nothing was stored here. */
  readonly fallsBack: boolean;
}

/** One function of the compiled template: the root, a block, a macro, a recursive loop. Its frames have this many slots. */
export class FunctionScope {
  slots = 0;
}

/** Names a macro may use without declaring them. */
const SPECIAL = ['caller', 'varargs', 'kwargs'];

/** The names that one scope of a template sets. Scopes of one function share its slots, as Python's locals do. */
export class Scope {
  readonly fn: FunctionScope;
  readonly parent: Scope | null;
  /** True for the root of a template, and the ifs in it: what is set there is exported. */
  readonly top: boolean;
  readonly isMacro: boolean;
  /** What the statements of this scope do with names. */
  readonly use: NameUse = noUse();
  /** Names of this scope that something reads. */
  readonly used = new Set<string>();
  private readonly names = new Map<string, number>();

  constructor(
    fn: FunctionScope,
    parent: Scope | null,
    how: { readonly top?: boolean; readonly isMacro?: boolean } = {},
  ) {
    this.fn = fn;
    this.parent = parent;
    this.top = how.top ?? false;
    this.isMacro = how.isMacro ?? false;
  }

  /** Gives a name its slot in this scope. */
  declare(name: string): number {
    const known = this.names.get(name);
    if (known !== undefined) return known;
    const slot = this.fn.slots++;
    this.names.set(name, slot);
    return slot;
  }

  /** Gives up a name that nothing here uses. */
  forget(name: string): void {
    this.names.delete(name);
  }

  /** Where a name lives that this scope or one around it sets. */
  find(name: string, counts = true): Place | undefined {
    let depth = 0;
    for (const scope of this.chain()) {
      let slot = scope.names.get(name);
      if (slot === undefined && scope.isMacro && SPECIAL.includes(name)) slot = scope.declare(name);
      if (slot !== undefined) {
        if (counts) scope.used.add(name);
        if (scope.isMacro && SPECIAL.includes(name)) scope.acceptAround(name);
        return { depth, slot, fallsBack: scope.fallsBack(name) };
      }
      if (scope.parent !== null && scope.parent.fn !== scope.fn) depth++;
    }
    return undefined;
  }

  /** This scope and those around it, innermost first. */
  private chain(): readonly Scope[] {
    return [this, ...(this.parent?.chain() ?? [])];
  }

  /** Whether this scope or one around it touches a name. */
  knows(name: string): boolean {
    for (const scope of this.chain()) if (scope.names.has(name) || scope.use.touched.has(name)) return true;
    return false;
  }

  private fallsBack(name: string): boolean {
    if (this.use.storedFirst.has(name)) return false;
    return this.parent?.find(name)?.fallsBack ?? true;
  }

  /** In Jinja a macro also takes what only a macro inside it asks for. */
  private acceptAround(name: string): void {
    for (let scope = this.parent; scope !== null; scope = scope.parent)
      if (scope.isMacro) scope.declare(name);
  }

  /** The slot of a name that this very scope sets. */
  own(name: string): number | undefined {
    return this.names.get(name);
  }

  /** Every name set in this scope or around it, with its place; inner ones hide outer ones. */
  visible(): ReadonlyMap<string, Place> {
    const found = new Map<string, Place>();
    for (const scope of this.chain())
      for (const name of scope.names.keys()) {
        const place = found.has(name) ? undefined : this.find(name, false);
        if (place !== undefined) found.set(name, place);
      }
    return found;
  }
}
