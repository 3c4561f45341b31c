import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import type { Include, SlsBranch, SlsContent } from './high-state.ts';
import type { IncludeChain, IncludeChains } from './include-chain.ts';
import { chainThrough } from './include-chain.ts';
import { hasErrors, mistake } from './mistake.ts';
import type { SlsDocument } from './renderer.ts';
import type { RootFile } from './roots.ts';
import { unknownSaltenv } from './saltenvs.ts';
import { UNREADABLE, type SlsNames } from './sls-name.ts';
import { readSls } from './sls-content.ts';
import type { WantedIn } from './wanted.ts';

/** The rendered SLS of one host. */
export interface Loaded {
  readonly roots: readonly SlsBranch[];
  readonly diagnostics: readonly Diagnostic[];
  /** Files with errors: not everything that they say is known. */
  readonly faulty: readonly RootFile[];
  /** Equal for hosts whose SLS rendered to the same documents in the same order. */
  readonly fingerprint: string;
  readonly chains: IncludeChains;
  /** Texts that were encrypted in one of the SLS. */
  readonly decrypted: readonly string[];
}

/** What SLS are loaded with. */
export interface LoadContext {
  /** SLS names by saltenv. */
  readonly names: ReadonlyMap<string, SlsNames>;
  /** Renders one SLS for the host at hand. */
  readonly render: (sls: string, file: RootFile) => SlsDocument;
  readonly cache: ContentCache;
}

/** What one document says as an SLS of some name, read once however many hosts have it. */
export type ContentCache = WeakMap<SlsDocument, Map<string, ReturnType<typeof readSls>>>;

/** Includes deeper than anyone writes are refused before the JavaScript stack does. */
const MOST_INCLUDES = 200;

/** Renders the SLS asked for and everything they include, depth first, each once. */
export function loadSls(wanted: readonly WantedIn[], { names, render, cache }: LoadContext): Loaded {
  const diagnostics: Diagnostic[] = [];
  const faulty: RootFile[] = [];
  const seen = new Set<string>();
  const documents: string[] = [];
  const decrypted: string[] = [];
  const chains = new Map<string, IncludeChain>();
  const asked = [...new Set(wanted.map(({ saltenv }) => saltenv))];

  const load = (
    saltenv: string,
    name: string,
    source: SourceRange | undefined,
    chain: IncludeChain,
  ): SlsBranch[] => {
    const key = `${saltenv}:${name}`;
    if (seen.has(key)) return [];
    seen.add(key);
    const ofSaltenv = names.get(saltenv);
    const file = ofSaltenv?.find(name);
    if (file === undefined) {
      diagnostics.push(missing(name, source, saltenv, ofSaltenv));
      return [];
    }
    if (chain.length > MOST_INCLUDES) {
      diagnostics.push({
        ...{ severity: 'error', code: 'SLAB2012', ...(source === undefined ? {} : { source }) },
        summary: `SLS ${name} is included over more than ${MOST_INCLUDES} others`,
        fix: 'include what is needed where it is needed',
      });
      return [];
    }
    if (!chains.has(file.file)) chains.set(file.file, chain);
    const document = render(name, file);
    documents.push(`${document.id}=${key}`);
    for (const each of document.decrypted) decrypted.push(each);
    for (const each of document.diagnostics.map((diagnostic) => asDuplicateId(diagnostic, name)))
      diagnostics.push(each);
    if (hasErrors(document.diagnostics)) faulty.push(file);
    // A document that could not be read is reported; what it would have included is unknown.
    if (document.node === undefined && document.diagnostics.length > 0) return [];
    const content = read(document, name, file, cache);
    for (const each of content.diagnostics) diagnostics.push(each);
    if (hasErrors(content.diagnostics)) faulty.push(file);
    return [{ content: content.value, branches: loadAll(content.value, chain) }];
  };
  const loadAll = (content: SlsContent, chain: IncludeChain): SlsBranch[] =>
    content.includes.flatMap((include) => {
      const found = resolveInclude(include, content.saltenv, names, asked);
      if (typeof found !== 'string') {
        diagnostics.push(found);
        return [];
      }
      const through = chainThrough(include.source, chain);
      const targets = names.get(found)?.expand(include.name) ?? [];
      return targets.flatMap((name) => load(found, name, include.source, through));
    });

  const roots = wanted.flatMap(({ saltenv, name, source }) => {
    const targets = names.get(saltenv)?.expand(name) ?? [];
    return targets.flatMap((each) => load(saltenv, each, source, []));
  });
  return { roots, diagnostics, faulty, fingerprint: documents.join('\n'), chains, decrypted };
}

/** `- _xenv: name`: whichever saltenv of the run has it. */
const ANY_SALTENV = '_xenv';

/**
 * The saltenv an include means (salt/state.py: BaseHighState.render_state): the one it names, the one of the SLS it
 * stands in, or for `_xenv` the only one of this run that has such an SLS, at need that of the SLS itself.
 */
function resolveInclude(
  { name, saltenv = '', source }: Include,
  own: string,
  names: ReadonlyMap<string, SlsNames>,
  asked: readonly string[],
): string | Diagnostic {
  if (saltenv === '') return own;
  if (saltenv !== ANY_SALTENV)
    return names.has(saltenv) ? saltenv : unknownSaltenv(saltenv, [...names.keys()], source);
  const having = asked.filter((each) => names.get(each)?.has(name) === true);
  const [only] = having;
  if (only !== undefined && having.length === 1) return only;
  if (having.includes(own)) return own;
  return having.length === 0
    ? mistake('SLAB2011', `there is no SLS ${name} in a saltenv of this run`, source, {
        why: `looked in ${asked.join(', ')}`,
        fix: 'name the saltenv in place of _xenv, or correct the name',
      })
    : mistake('SLAB2011', `${having.length} saltenvs have an SLS ${name}`, source, {
        why: `it is in ${having.join(' and ')}`,
        fix: `name the saltenv in place of _xenv: "- ${only ?? 'base'}: ${name}"`,
      });
}

function read(
  document: SlsDocument,
  sls: string,
  file: RootFile,
  cache: ContentCache,
): ReturnType<typeof readSls> {
  const ofDocument = cache.get(document) ?? new Map<string, ReturnType<typeof readSls>>();
  cache.set(document, ofDocument);
  const { path, saltenv } = file;
  const known = ofDocument.get(sls) ?? readSls(document.node, { sls, path, saltenv });
  ofDocument.set(sls, known);
  return known;
}

function missing(
  name: string,
  source: SourceRange | undefined,
  saltenv: string,
  names: SlsNames | undefined,
): Diagnostic {
  const path = name.replaceAll('.', '/');
  if (names?.all.includes(name) === true)
    return mistake('SLAB2011', `SLS ${name} cannot be read`, source, UNREADABLE);
  const where = saltenv === 'base' ? 'the state tree' : `the states of saltenv ${saltenv}`;
  return mistake('SLAB2011', `there is no SLS ${name}`, source, {
    why: `neither ${path}.sls nor ${path}/init.sls is in ${where}`,
    fix: /[,\s]/.test(name.trim())
      ? 'write each SLS as an item of its own: a comma or a blank belongs to the name here'
      : (didYouMean(name, names?.all ?? []) ?? 'create it, or correct the name'),
  });
}

/** In an SLS a key at the margin is an ID: written twice it is reported as such, not as a mistake in YAML. */
function asDuplicateId(diagnostic: Diagnostic, sls: string): Diagnostic {
  const id = /^the key "(.*)" is written twice$/.exec(diagnostic.summary)?.[1];
  if (id === undefined || diagnostic.code !== 'SLAB2001' || diagnostic.source?.column !== 1)
    return diagnostic;
  const [first] = diagnostic.related ?? [];
  // A loop or a macro writes it again and again at one place.
  if (first?.source.line === diagnostic.source.line)
    return mistake('SLAB2013', `ID ${id} is declared twice in ${sls}`, diagnostic.source, {
      why: 'the template writes it more than once: IDs are unique over all SLS files of a run',
      fix: `put what differs into the ID, as in "${id}-{{ name }}"`,
    });
  return {
    ...diagnostic,
    code: 'SLAB2013',
    summary: `ID ${id} is declared twice in ${sls}`,
    why: 'IDs are unique over all SLS files of a run',
    fix: 'rename one of them and set its name, or put the states of both under one ID',
  };
}
