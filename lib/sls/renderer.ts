import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Engine, HostValue, Places } from '../jinja/api.ts';
import type { Node } from '../model/node.ts';
import type { SourceRange } from '../model/source.ts';
import { parseYaml, type ParsedYaml } from '../yaml/parse.ts';
import type { Decryption } from './decrypt.ts';
import { decryptNode, decryptText } from './decrypt.ts';
import { placesBefore, placesOf, writtenOffset } from './decrypted-place.ts';
import { explainPillarKey } from './explain-undefined.ts';
import { readJson } from './json-document.ts';
import { hasErrors } from './mistake.ts';
import { scalar } from './node-shape.ts';
import { Recent } from './recent.ts';
import { renderWhole } from './template-text.ts';
import type { RootText } from './roots.ts';
import type { Format, Pipeline } from './shebang.ts';
import { readShebang } from './shebang.ts';
import { readYamlex } from './yamlex.ts';

/** A file rendered and read. Equal texts of one file are one document, whichever host they were rendered for. */
export interface SlsDocument {
  /** Counts from 1; equal ids are the same document. */
  readonly id: number;
  /** What could be read; undefined for a file that renders to nothing. */
  readonly node: Node | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Texts that were encrypted in the file: never to be shown. */
  readonly decrypted: readonly string[];
}

/** Says more of a rendering's mistake than the engine can know. */
export type Explain = (diagnostic: Diagnostic) => Diagnostic;

/** Renders files and reads what comes of them. */
export interface Renderer {
  render(source: RootText, variables: () => Map<string, HostValue>): SlsDocument;
}

/** So many documents of one file are kept. */
const MOST_DOCUMENTS = 64;

/** What renderers work with. */
export interface RendererParts {
  readonly engine: Engine;
  readonly explain: Explain;
  readonly decryption: Decryption;
  /** The documents that it keeps. */
  readonly documents?: KeptDocuments;
  /** Those of another revision of the files: what is alike there, with all its places, is not read once more. */
  readonly alike?: KeptDocuments;
}

/** Documents by file and text. */
export type KeptDocuments = Map<string, Recent<string, KeptDocument>>;

/** A text that is through, and what it was read as. */
interface Passed extends Pick<Pipeline, 'format'> {
  readonly text: string;
  /** Where it comes from, when nothing else went into it. */
  readonly places: Places | undefined;
}

interface KeptDocument extends Passed {
  readonly document: SlsDocument;
}

/** A text on its way through a pipeline. */
interface Passing {
  readonly text: string;
  /** Where an offset comes from; undefined while the text is the file's own. */
  readonly at: ((offset: number) => SourceRange) | undefined;
  /** Where all of the text comes from, where one rendering wrote it. */
  readonly places: Places | undefined;
  /** Turns places that count in the text into places in the file, where a decryption moved them. */
  readonly back: ((place: SourceRange) => SourceRange) | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly decrypted: readonly string[];
}

const FRESH: Passing = {
  ...{ text: '', at: undefined, places: undefined, back: undefined },
  ...{ diagnostics: [], decrypted: [] },
};

/** Documents so far, of all renderers: two of them may share some. */
let count = 0;

/** A renderer whose documents are kept: one YAML parse for each distinct text of a file. */
export function createRenderer(parts: RendererParts): Renderer {
  const {
    engine,
    explain,
    decryption,
    documents = new Map<string, Recent<string, KeptDocument>>(),
    alike,
  } = parts;
  const remember = (file: string, passed: Passed, make: () => Omit<SlsDocument, 'id'>): SlsDocument => {
    const ofFile = documents.get(file) ?? new Recent<string, KeptDocument>(MOST_DOCUMENTS);
    documents.set(file, ofFile);
    const { text } = passed;
    return ofFile.get(text, () => {
      const other = alike?.get(file)?.find(text);
      if (other !== undefined && isAlike(passed, other)) return other;
      return { ...passed, document: { id: ++count, ...make() } };
    }).document;
  };
  const refuse = ({ diagnostics, decrypted }: Pick<Passing, 'diagnostics' | 'decrypted'>): SlsDocument => ({
    id: ++count,
    node: undefined,
    diagnostics,
    decrypted,
  });

  return {
    render({ file, text, flaw }, variables) {
      const pipeline = flaw ?? readShebang(text, file);
      if ('code' in pipeline) return refuse({ diagnostics: [pipeline], decrypted: [] });
      let passing: Passing = { ...FRESH, text };
      for (const stage of pipeline.text) {
        passing =
          stage === 'gpg' ? decryptPassing(passing, file, decryption) : render(passing, file, variables);
        if (hasErrors(passing.diagnostics)) return refuse(passing);
      }
      const whole = passing;
      const { format, gpg } = pipeline;
      // Where a decryption has a part in it, more hangs on than text and places.
      const places = gpg || pipeline.text.join(' ') !== 'jinja' ? undefined : whole.places;
      return remember(file, { text: whole.text, format, places }, () => {
        const read = readData(whole, file, pipeline, decryption);
        return {
          ...read,
          diagnostics: [...whole.diagnostics, ...read.diagnostics],
          decrypted: [...whole.decrypted, ...read.decrypted],
        };
      });
    },
  };

  function render(before: Passing, file: string, variables: () => Map<string, HostValue>): Passing {
    const rendered = renderWhole(engine, { file, text: before.text }, variables);
    const { back = (place: SourceRange) => place } = before;
    if ('diagnostics' in rendered)
      return {
        ...before,
        diagnostics: [
          ...before.diagnostics,
          ...rendered.diagnostics
            .map((each) => explainPillarKey(each, { file, text: before.text }))
            .map((each) =>
              explain(each.source === undefined ? each : { ...each, source: back(each.source) }),
            ),
        ],
      };
    const { text, places } = rendered;
    return { ...before, text, places, at: (offset) => back(rendered.at(offset)) };
  }
}

/** Whether one text of two revisions of a file is read the same and stands at the same places. */
function isAlike(one: Passed, other: Passed): boolean {
  return (
    one.format === other.format &&
    one.places !== undefined &&
    other.places !== undefined &&
    one.places.isSame(other.places)
  );
}

function decryptPassing(before: Passing, file: string, decryption: Decryption): Passing {
  const at = before.at ?? placesOf(before.text, file);
  const found = decryptText(before.text, at, decryption);
  return {
    text: found.text,
    places: undefined,
    at: (offset) => at(writtenOffset(offset, found.replaced)),
    back: placesBefore(found.text, before.text, file, found.replaced),
    diagnostics: [...before.diagnostics, ...found.diagnostics],
    decrypted: [...before.decrypted, ...found.secrets],
  };
}

function readData(
  { text, at }: Passing,
  file: string,
  { format, gpg }: Pipeline,
  decryption: Decryption,
): Omit<SlsDocument, 'id'> {
  const { node, diagnostics } = parse(text, file, format, at);
  if (!gpg || node === undefined) return { node, diagnostics, decrypted: [] };
  const found = decryptNode(node, decryption);
  const failed = hasErrors(found.diagnostics);
  return {
    node: failed ? undefined : found.node,
    diagnostics: [...diagnostics, ...found.diagnostics],
    decrypted: found.secrets,
  };
}

function parse(
  text: string,
  file: string,
  format: Format,
  at: Passing['at'],
): Pick<SlsDocument, 'node' | 'diagnostics'> {
  const source = at === undefined ? { file } : { file, at };
  switch (format) {
    case 'text':
      return { node: scalar(text, at?.(0) ?? { file, line: 1, column: 1 }), diagnostics: [] };
    case 'json':
      return readJson(text, source);
    case 'yaml':
    case 'yamlex': {
      const read: ParsedYaml = format === 'yaml' ? parseYaml(text, source) : readYamlex(text, source);
      const { value, rest = value, diagnostics } = read;
      if (diagnostics.length === 0 || at === undefined) return { node: rest, diagnostics };
      return { node: rest, diagnostics: withRenderedLines(text, file, diagnostics) };
    }
  }
}

/** Adds the rendered line to mistakes whose place in the template is on another line: there the text looks different. */
function withRenderedLines(
  text: string,
  file: string,
  diagnostics: readonly Diagnostic[],
): readonly Diagnostic[] {
  const lines = text.split('\n');
  const inText = parseYaml(text, { file }).diagnostics;
  return diagnostics.map((diagnostic, index) => {
    const line = inText[index]?.source?.line;
    if (line === undefined || line === diagnostic.source?.line) return diagnostic;
    const where = `line ${line} of the rendered text reads: ${(lines[line - 1] ?? '').trim()}`;
    return { ...diagnostic, why: diagnostic.why === undefined ? where : `${diagnostic.why}; ${where}` };
  });
}
