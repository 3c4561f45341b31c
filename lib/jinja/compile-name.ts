import { didYouMean } from '../diagnostics/near.ts';
import type { Target } from './ast.ts';
import { fullContext } from './full-context.ts';
import type { Evaluate, Frame } from './frame.ts';
import { Namespace } from './objects.ts';
import { SelfReference } from './run-template.ts';
import { PyError, valueError } from './python/error.ts';
import { native } from './python/native.ts';
import { iterOf, toList } from './python/iterate.ts';
import { Undefined } from './python/undefined.ts';
import { typeName } from './python/value.ts';
import type { Val } from './python/value.ts';
import type { Place, Scope } from './scope.ts';
import type { Site } from './site.ts';

/** Stores a value. */
export type Assign = (frame: Frame, value: Val) => void;

/** Compiles the reading of a variable. */
export function compileName(name: string, site: Site, scope: Scope): Evaluate {
  if (name === 'self') return (frame) => new SelfReference(frame);
  const place = scope.find(name);
  if (place === undefined && name === 'show_full_context')
    return (frame) => native(name, '', () => fullContext(frame.context));
  const unknown = (frame: Frame): Val => undefinedName(frame, { name, site, scope });
  // Not `??`: None is a value.
  const outside = (frame: Frame): Val => {
    const value = frame.context.get(name);
    return value === undefined ? unknown(frame) : value;
  };
  if (place === undefined) return outside;
  const { depth, slot } = place;
  const missing = place.fallsBack ? outside : unknown;
  if (depth === 0)
    return (frame) => {
      const value = frame.slots[slot];
      return value === undefined ? missing(frame) : value;
    };
  return (frame) => {
    const value = frameAt(frame, depth).slots[slot];
    return value === undefined ? missing(frame) : value;
  };
}

/** The frame so many functions out. */
function frameAt(frame: Frame, depth: number): Frame {
  let found = frame;
  for (let i = 0; i < depth && found.up !== null; i++) found = found.up;
  return found;
}

/** The value at a place; undefined when nothing was stored there yet. */
export function readPlace(frame: Frame, place: Place): Val | undefined {
  return frameAt(frame, place.depth).slots[place.slot];
}

function undefinedName(frame: Frame, of: { name: string; site: Site; scope: Scope }): Undefined {
  const { name, site } = of;
  return new Undefined(`'${name}' is undefined`, {
    site,
    near: () =>
      didYouMean(
        name,
        [...of.scope.visible().keys(), ...frame.context.names()].filter((known) => known !== name),
      ),
  });
}

/** Compiles the assignment of what was made here, or imported, to a name that was declared in the scope. */
export function compileStore(name: string, scope: Scope, from: 'here' | 'import'): Assign {
  const slot = scope.declare(name);
  if (!scope.top)
    return (frame, value) => {
      frame.slots[slot] = value;
    };
  return (frame, value) => {
    frame.slots[slot] = value;
    frame.context.set(name, value, from);
  };
}

/** Compiles an assignment; names must have been declared in the scope. */
export function compileTarget(target: Target, scope: Scope): Assign {
  switch (target.type) {
    case 'name':
      return compileStore(target.name, scope, 'here');
    case 'namespace': {
      const read = compileName(target.name, target.site, scope);
      const { attribute, site } = target;
      return (frame, value) => {
        const namespace = read(frame);
        frame.runtime.at = site;
        if (!(namespace instanceof Namespace))
          throw new PyError('TemplateRuntimeError', 'cannot assign attribute on non-namespace object', {
            fix: `make it with \`{% set ${target.name} = namespace() %}\``,
          });
        namespace.members.set(attribute, value);
      };
    }
    case 'tuple': {
      const parts = target.items.map((item) => compileTarget(item, scope));
      const { site } = target;
      return (frame, value) => {
        frame.runtime.at = site;
        const items = unpack(value, parts.length);
        for (let i = 0; i < parts.length; i++) parts[i]?.(frame, items[i] ?? null);
      };
    }
  }
}

function unpack(value: Val, wanted: number): readonly Val[] {
  if (!Array.isArray(value) && iterOf(value) === undefined)
    throw new PyError('TypeError', `cannot unpack non-iterable ${typeName(value)} object`);
  const items = Array.isArray(value) ? value : toList(value);
  if (items.length > wanted) valueError(`too many values to unpack (expected ${wanted})`);
  if (items.length < wanted)
    valueError(`not enough values to unpack (expected ${wanted}, got ${items.length})`);
  return items;
}
