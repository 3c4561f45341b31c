import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import type { SlsBranch, SlsContent } from './high-state.ts';
import { mistake } from './mistake.ts';
import type { SlsDocument } from './renderer.ts';
import type { RootFile } from './roots.ts';
import type { SlsNames } from './sls-name.ts';
import { readSls } from './sls-content.ts';

/** An SLS, or a glob of them, that a run asks for. */
export interface Wanted {
  readonly name: string;
  /** Where it is asked for: a line of the top file; undefined for the command line. */
  readonly source?: SourceRange;
}

/** The rendered SLS of one host. */
export interface Loaded {
  readonly roots: readonly SlsBranch[];
  readonly diagnostics: readonly Diagnostic[];
  /** Equal for hosts whose SLS rendered to the same documents in the same order. */
  readonly fingerprint: string;
}

/** Renders one SLS for the host at hand. */
export type RenderSls = (sls: string, file: RootFile) => SlsDocument;

/** What one document says as an SLS of some name, read once however many hosts have it. */
export type ContentCache = WeakMap<SlsDocument, Map<string, ReturnType<typeof readSls>>>;

/** Renders the SLS asked for and everything they include, depth first, each once. */
export function loadSls(
  wanted: readonly Wanted[],
  names: SlsNames,
  render: RenderSls,
  cache: ContentCache,
): Loaded {
  const diagnostics: Diagnostic[] = [];
  const seen = new Set<string>();
  const documents: string[] = [];

  const load = (name: string, source: SourceRange | undefined): SlsBranch[] => {
    if (seen.has(name)) return [];
    seen.add(name);
    const file = names.find(name);
    if (file === undefined) {
      diagnostics.push(missing(name, source, names));
      return [];
    }
    const document = render(name, file);
    documents.push(`${document.id}=${name}`);
    diagnostics.push(...document.diagnostics.map((diagnostic) => asDuplicateId(diagnostic, name)));
    // A document that could not be read is reported; what it would have included is unknown.
    if (document.diagnostics.length > 0) return [];
    const content = read(document, name, file, cache);
    diagnostics.push(...content.diagnostics);
    const branches = loadAll(content.value);
    return [{ content: content.value, branches }];
  };
  const loadAll = (content: SlsContent): SlsBranch[] =>
    content.includes.flatMap((include) =>
      names.expand(include.name).flatMap((name) => load(name, include.source)),
    );

  const roots = wanted.flatMap(({ name, source }) =>
    names.expand(name).flatMap((each) => load(each, source)),
  );
  return { roots, diagnostics, fingerprint: documents.join('\n') };
}

function read(
  document: SlsDocument,
  sls: string,
  file: RootFile,
  cache: ContentCache,
): ReturnType<typeof readSls> {
  const ofDocument = cache.get(document) ?? new Map<string, ReturnType<typeof readSls>>();
  cache.set(document, ofDocument);
  const known = ofDocument.get(sls) ?? readSls(document.node, { sls, path: file.path });
  ofDocument.set(sls, known);
  return known;
}

function missing(name: string, source: SourceRange | undefined, names: SlsNames): Diagnostic {
  const path = name.replaceAll('.', '/');
  return mistake('SLAB2011', `there is no SLS ${name}`, source, {
    why: `neither ${path}.sls nor ${path}/init.sls is in the state tree`,
    fix: didYouMean(name, names.all) ?? 'create it, or correct the name',
  });
}

/** In an SLS a key at the margin is an ID: written twice it is reported as such, not as a mistake in YAML. */
function asDuplicateId(diagnostic: Diagnostic, sls: string): Diagnostic {
  const id = /^the key "(.*)" is written twice$/.exec(diagnostic.summary)?.[1];
  if (id === undefined || diagnostic.code !== 'SLAB2001' || diagnostic.source?.column !== 1)
    return diagnostic;
  return {
    ...diagnostic,
    code: 'SLAB2013',
    summary: `ID ${id} is declared twice in ${sls}`,
    why: 'IDs are unique over all SLS files of a run',
    fix: 'rename one of them and set its name, or put the states of both under one ID',
  };
}
