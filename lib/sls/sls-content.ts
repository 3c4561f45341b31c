import type { Checked, Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Node } from '../model/node.ts';
import { readDeclaration } from './declaration.ts';
import type { Declaration, Exclusion, Include, SlsContent } from './high-state.ts';
import { mistake } from './mistake.ts';
import { isNull, kindOf, textOf } from './node-shape.ts';
import { absoluteName } from './sls-name.ts';

/** Which SLS a document belongs to. */
export interface SlsPlace {
  readonly sls: string;
  /** Relative to its root: `nginx/init.sls`. */
  readonly path: string;
  readonly saltenv: string;
}

/**
 * Reads what one rendered SLS declares, includes, extends and excludes.
 * The value is there even with errors, so that the rest of the run is checked as well.
 */
export function readSls(document: Node | undefined, place: SlsPlace): Required<Checked<SlsContent>> {
  const diagnostics: Diagnostic[] = [];
  const includes: Include[] = [];
  const exclusions: Exclusion[] = [];
  const extensions: Declaration[] = [];
  const declarations: Declaration[] = [];
  const { sls, saltenv } = place;
  const value: SlsContent = { sls, saltenv, includes, exclusions, extensions, declarations };

  if (document === undefined || isNull(document)) return { value, diagnostics };
  if (document.type !== 'map') {
    const why = `it renders to ${kindOf(document)}`;
    diagnostics.push(
      mistake('SLAB2012', `SLS ${place.sls} is not a mapping of IDs`, document.source, {
        why,
        fix: 'write an ID, a colon, and below it a state such as file.managed',
      }),
    );
    return { value, diagnostics };
  }

  for (const { key, value: body } of document.entries) {
    const id = textOf(key);
    if (id === 'include') for (const each of readIncludes(body, place, diagnostics)) includes.push(each);
    else if (id === 'exclude') for (const each of readExclusions(body, diagnostics)) exclusions.push(each);
    else if (id === 'extend') for (const each of readExtend(body, place, diagnostics)) extensions.push(each);
    else if (id === undefined || id.startsWith('__')) diagnostics.push(badId(key, id));
    else {
      const declared = readDeclaration({ id, at: key, sls, saltenv, body }, 'declaration');
      for (const each of declared.diagnostics) diagnostics.push(each);
      if (declared.value !== undefined) declarations.push(declared.value);
    }
  }
  return { value, diagnostics };
}

function badId(key: Node, id: string | undefined): Diagnostic {
  if (id !== undefined)
    return mistake('SLAB2012', `the ID ${id} is reserved`, key.source, {
      why: 'names that begin with two underscores are kept for the compiler',
      fix: 'choose another ID',
    });
  return mistake('SLAB2012', `an ID is ${kindOf(key)}, not text`, key.source, { fix: 'put it in quotes' });
}

function readIncludes(node: Node, place: SlsPlace, diagnostics: Diagnostic[]): Include[] {
  if (node.type !== 'list') {
    diagnostics.push(notAList('include', node));
    return [];
  }
  return node.items.flatMap((item) => {
    // `- base: name` and `- _xenv: name` name a saltenv.
    const only = item.type === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
    const written = textOf(only?.value ?? item);
    const env = textOf(only?.key);
    if (written === undefined) {
      diagnostics.push(
        mistake('SLAB2012', `an entry of include is ${kindOf(item)}, not the name of an SLS`, item.source, {
          fix: 'write "- name", or "- saltenv: name"',
        }),
      );
      return [];
    }
    const name = absoluteName(written, place.sls, place.path);
    if (name === undefined) {
      diagnostics.push(
        mistake('SLAB2012', `include ${written} leads beyond the top of the tree`, item.source, {
          why: `${place.sls} stands ${depthOf(place.sls)}`,
          fix: 'write the full name of the SLS',
        }),
      );
      return [];
    }
    return [{ name, source: item.source, ...(env === undefined ? {} : { saltenv: env }) }];
  });
}

function readExclusions(node: Node, diagnostics: Diagnostic[]): Exclusion[] {
  if (node.type !== 'list') {
    diagnostics.push(notAList('exclude', node));
    return [];
  }
  return node.items.flatMap((item): Exclusion[] => {
    const sls = textOf(item);
    if (sls !== undefined) return [{ type: 'sls', name: sls, source: item.source }];
    const entry = item.type === 'map' && item.entries.length === 1 ? item.entries[0] : undefined;
    const type = textOf(entry?.key);
    const name = textOf(entry?.value);
    if ((type === 'sls' || type === 'id') && name !== undefined) return [{ type, name, source: item.source }];
    const module = /^[a-z_]+$/.test(type ?? '') && type !== 'sls' && type !== 'id';
    diagnostics.push(
      mistake('SLAB2012', 'an entry of exclude is neither an SLS nor an ID', item.source, {
        ...(module && name !== undefined
          ? {
              why: 'exclude takes out whole IDs, with all their states',
              fix: `write "- id: " and the ID of the state, or leave "${type ?? ''}: ${name}" out`,
            }
          : { fix: 'write "- name", "- sls: name" or "- id: name"' }),
      }),
    );
    return [];
  });
}

function readExtend(node: Node, { sls, saltenv }: SlsPlace, diagnostics: Diagnostic[]): Declaration[] {
  if (isNull(node)) return [];
  if (node.type !== 'map') {
    diagnostics.push(
      mistake('SLAB2012', `extend is ${kindOf(node)}, not a mapping of IDs`, node.source, {
        fix: 'write the ID to extend below it, and below that the state with its new arguments',
      }),
    );
    return [];
  }
  return node.entries.flatMap(({ key, value: body }) => {
    const id = textOf(key);
    if (id === undefined) {
      diagnostics.push(badId(key, id));
      return [];
    }
    const declared = readDeclaration({ id, at: key, sls, saltenv, body }, 'extension');
    for (const each of declared.diagnostics) diagnostics.push(each);
    return declared.value === undefined ? [] : [declared.value];
  });
}

function notAList(what: string, node: Node): Diagnostic {
  return mistake('SLAB2012', `${what} is ${kindOf(node)}, not a list`, node.source, {
    fix: `write each entry of ${what} on its own line, after "- "`,
  });
}

function depthOf(sls: string): string {
  const above = sls.split('.').length - 1;
  return above === 0
    ? 'at the top of the tree'
    : `${above} ${above === 1 ? 'folder' : 'folders'} below the top`;
}
