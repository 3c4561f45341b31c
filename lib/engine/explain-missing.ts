import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import { writePlace } from '../diagnostics/place.ts';
import type { PillarWrite } from '../model/explanation.ts';
import type { SourceRange } from '../model/source.ts';
import type { Value } from '../model/value.ts';
import type { HostCompilation } from '../sls/api.ts';
import { everyBranch, passagesTo } from '../sls/explain-state.ts';
import { pillarKeys } from '../sls/explain-pillar.ts';
import { printedText } from '../sls/node-shape.ts';
import { printScalar } from '../sls/print-scalar.ts';
import { isDict, traverse } from '../sls/traverse.ts';

/** So many names of a list are said. */
const NAMED = 10;

/** What an answer to a question about nothing says, besides that it is nothing. */
interface Answer {
  readonly summary: string;
  readonly why: string;
  readonly fix?: string | undefined;
  readonly source?: SourceRange | undefined;
}

/** How a key of the pillar was written; the values are not looked at. */
type Trace = (key: string) => readonly Pick<PillarWrite, 'sls' | 'source'>[];

/**
 * Why there is nothing to explain under a word: an SLS was named, a key ends too early on the way, or it is nowhere. One
 * error, which holds no value of the pillar.
 */
export function explainMissing(
  what: string,
  host: string,
  { compiled, trace }: { readonly compiled: HostCompilation; readonly trace: Trace },
): Diagnostic {
  const { summary, why, fix, source } =
    ofSls(what, host, compiled) ??
    ofKeyAbove(what, host, { compiled, trace }) ??
    ofNothing(what, host, compiled);
  return {
    severity: 'error',
    code: 'SLAB2023',
    summary,
    ...(source === undefined ? {} : { source }),
    why,
    ...(fix === undefined ? {} : { fix }),
  };
}

/** The word is the name or the path of an SLS. */
function ofSls(what: string, host: string, compiled: HostCompilation): Answer | undefined {
  for (const name of slsNamed(what)) {
    const answer =
      ofStates(name, host, compiled) ?? ofPillar(name, host, compiled) ?? ofTree(name, host, compiled);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/** `web.ssl`, and of `states/web/ssl.sls` first `states.web.ssl`, then `web.ssl`, then `ssl`. */
function slsNamed(what: string): readonly string[] {
  if (!what.endsWith('.sls')) return [what];
  const parts = what
    .slice(0, -'.sls'.length)
    .split('/')
    .filter((part) => part !== '' && part !== '.');
  if (parts.at(-1) === 'init') parts.pop();
  return parts.map((_, index) => parts.slice(index).join('.'));
}

function ofStates(name: string, host: string, { found, origin }: HostCompilation): Answer | undefined {
  const branches = [...everyBranch(origin.roots)];
  if (!branches.some(({ content }) => content.sls === name)) return undefined;
  const ids = [...new Set(found.filter((chunk) => chunk.sls === name).map(({ id }) => id))];
  const passages = passagesTo(name, origin);
  return {
    summary: `${name} is an SLS of states, not a state of ${host}`,
    source: passages.at(-1)?.source,
    why: `${sentence(passages)}${ids.length === 0 ? 'it declares no state' : `it declares ${named(ids)}`}`,
    fix: ids[0] === undefined ? undefined : `ask for one of its states: slab explain ${host} ${ids[0]}`,
  };
}

function ofPillar(name: string, host: string, { origin }: HostCompilation): Answer | undefined {
  const layers = origin.layers.filter(({ sls }) => sls === name);
  const [layer] = layers;
  if (layer === undefined) return undefined;
  const keys = layers.flatMap(({ node, under }) =>
    under[0] === undefined
      ? node.type === 'map'
        ? node.entries.flatMap(({ key }) => printedText(key) ?? [])
        : []
      : [under.join(':')],
  );
  const written = [...new Set(keys)].filter((key) => key !== 'include');
  return {
    summary: `${name} is a pillar SLS, not a pillar key of ${host}`,
    source: layer.through.at(-1)?.source,
    why: `${sentence(layer.through)}${written.length === 0 ? 'it writes nothing' : `it writes ${named(written)}`}`,
    fix: written[0] === undefined ? undefined : `ask for one of its keys: slab explain ${host} ${written[0]}`,
  };
}

/** An SLS of the tree that does not come to this host. */
function ofTree(name: string, host: string, { files }: HostCompilation): Answer | undefined {
  const path = name.replaceAll('.', '/');
  const uri = [`salt://${path}.sls`, `salt://${path}/init.sls`].find(
    (each) => files.read(each) !== undefined,
  );
  if (uri === undefined) return undefined;
  return {
    summary: `${name} is an SLS that ${host} does not get`,
    why: `${uri} is there, but neither the top file nor an include brings it to ${host}`,
    fix: `look at slab show top ${host}`,
  };
}

/** The key goes on behind something that has nothing of that name. */
function ofKeyAbove(
  what: string,
  host: string,
  { compiled, trace }: { readonly compiled: HostCompilation; readonly trace: Trace },
): Answer | undefined {
  const steps = what.split(':');
  for (let count = steps.length - 1; count > 0; count--) {
    const above = steps.slice(0, count).join(':');
    const value = traverse(compiled.pillar, above);
    if (value === undefined) continue;
    const near = didYouMean(
      what,
      [...pillarKeys(compiled.pillar), ...statesOf(compiled)].filter((key) => key !== above),
    );
    // The place goes without its text: a secret that is too short to be found may stand there.
    const written = trace(above).at(-1);
    const place = written === undefined ? '' : `, from ${writePlace(written.source)}`;
    return {
      summary: `${host} has no pillar key "${what}"`,
      why: `${above} ${shapeOf(value)}${place}`,
      fix: near ?? `look at it: slab explain ${host} ${above}`,
    };
  }
  return undefined;
}

function ofNothing(what: string, host: string, compiled: HostCompilation): Answer {
  const { found, pillar, origin } = compiled;
  const sls = [...new Set(origin.layers.map((layer) => layer.sls))];
  const from = sls.length === 0 ? 'it gets no pillar SLS' : `its pillar comes from ${sls.join(', ')}`;
  const ids = [...new Set(found.map((chunk) => chunk.sls))];
  const also = ids.length === 0 ? 'it gets no state' : `its states from ${ids.join(', ')}`;
  return {
    summary: `${host} has neither a pillar key nor a state "${what}"`,
    why: `${from}; ${also}`,
    fix:
      didYouMean(what, [...pillarKeys(pillar), ...statesOf(compiled), ...sls, ...ids]) ??
      `look at slab show pillar ${host} --offline, or at slab show low ${host} --offline`,
  };
}

function statesOf({ found }: HostCompilation): readonly string[] {
  return found.flatMap((chunk) => [chunk.id, chunk.name, `${chunk.module}:${chunk.name}`]);
}

/** What stands under a key, without saying what it is. */
function shapeOf(value: Value): string {
  if (Array.isArray(value))
    return value.length === 0
      ? 'is an empty list'
      : `is a list of ${value.length} ${value.length === 1 ? 'entry' : 'entries'}, counted from 0`;
  if (isDict(value)) {
    const keys = [...value.keys()].map((key) => printScalar(key) ?? '');
    return keys.length === 0 ? 'is an empty mapping' : `holds ${named(keys)}`;
  }
  return `is ${sortOf(value)} and holds nothing`;
}

function sortOf(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? 'true or false' : 'a number';
}

function named(names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `${names.slice(0, NAMED).join(', ')}${more}`;
}

function sentence(passages: readonly { readonly words: string }[]): string {
  return passages.map(({ words }) => `${words}; `).join('');
}
