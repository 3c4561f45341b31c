import { createHash } from 'node:crypto';
import type { Json } from '../../model/json.ts';
import type { ScalarNode } from '../../model/node.ts';
import type { ParseInput } from '../../model/resource.ts';
import { type Reader, readFlag, readText } from './arguments.ts';
import { templateRequest } from './template-request.ts';

/** What a file shall hold; undefined when the state does not say. `failed`: the template's own errors are told elsewhere. */
export type Content =
  | {
      readonly content: Uint8Array | undefined;
      /** Whether its source may be run, where that is known. */
      readonly executable?: boolean;
    }
  | { readonly failed: true };

const NONE: Content = { content: undefined };
const FAILED: Content = { failed: true };

/** Contents from `source` or `contents`, rendered where `template` says so. */
export function readSource(reader: Reader, input: ParseInput): Content {
  const { args } = reader;
  const sources = sourcesOf(args['source']);
  const contents = args['contents'] ?? undefined;
  const looked = LOOKUPS.filter(([at]) => readText(reader, at) !== undefined);
  const given = [
    ...(sources.length > 0 ? ['source'] : []),
    ...(contents === undefined ? [] : ['contents']),
    ...looked.map(([at]) => at),
  ];
  const second = given[1];
  if (second !== undefined) {
    const summary = `both ${given.map((at) => `"${at}"`).join(' and ')} say what the file holds`;
    reader.complaints.push({ at: [second], summary, fix: 'keep one of them' });
    return FAILED;
  }
  if (sources.length > 0) return fromSource(reader, input, sources);
  if (readText(reader, 'source_hash') !== undefined)
    reader.complaints.push({ at: ['source_hash'], summary: '"source_hash" is of use only with "source"' });
  const [lookup] = looked;
  if (lookup !== undefined) return fromLookup(reader, input, lookup);
  return contents === undefined ? NONE : fromContents(reader, input, contents);
}

/** Arguments that name a place in pillar or grains, and the function that looks there. */
const LOOKUPS = [
  ['contents_pillar', 'pillar.get'],
  ['contents_grains', 'grains.get'],
] as const;

/** A template looks it up, so that it is the pillar of this host, and its secrets are known to be some. */
function fromLookup(reader: Reader, input: ParseInput, [at, get]: (typeof LOOKUPS)[number]): Content {
  const key = readText(reader, at) ?? '';
  const template = `{% set value = salt['${get}'](${JSON.stringify(key)}, none) %}{% if value is none %}none{% elif value is string %}text{{ value }}{% elif value is sequence and value is not mapping %}text{{ value | join('\n') }}{% else %}text{{ value }}{% endif %}`;
  const source = input.chunk.args.get(at)?.value.source ?? input.chunk.source;
  const looked = input.files.render({ text: { type: 'scalar', value: template, source } });
  if (looked === undefined) return FAILED;
  if (looked.startsWith('text')) return fromContents(reader, input, looked.slice(4));
  reader.complaints.push({
    at: [at],
    summary: `there is no ${key} in the ${at.replace('contents_', '')} of this host`,
  });
  return FAILED;
}

/** One URI, a list of them, or a list with mappings whose first key is one. */
function sourcesOf(source: Json | undefined): readonly string[] {
  const all: readonly Json[] = Array.isArray(source) ? (source as readonly Json[]) : [source ?? ''];
  return all
    .map((each) => (typeof each === 'object' && each !== null ? (Object.keys(each)[0] ?? '') : String(each)))
    .filter((each) => each !== '');
}

function fromSource(reader: Reader, input: ParseInput, sources: readonly string[]): Content {
  const { chunk, files } = input;
  const odd = sources.find((each) => !each.startsWith('salt://'));
  if (odd !== undefined) {
    reader.complaints.push({
      at: ['source'],
      summary: `the source "${odd}" is not in the state tree`,
      why: 'contents are known before anything runs, so they come from the state tree alone',
      fix: odd.startsWith('/')
        ? 'use file.copy for a file of the host, or salt://'
        : /^(https?|ftp):/.test(odd)
          ? 'put the file into the state tree and write salt://; or let the host fetch it: cmd.run with curl and creates'
          : 'put the file into the state tree and write salt://',
    });
    return FAILED;
  }
  const uri = sources.find((each) => files.read(each) !== undefined);
  if (uri === undefined) {
    const [first = ''] = sources;
    const [near] = files.near(first);
    const fix =
      near === undefined
        ? 'put the file into the state tree, or correct its path'
        : `did you mean "${near}"?`;
    reader.complaints.push({
      at: ['source'],
      summary:
        sources.length === 1
          ? `${first} does not exist in the state tree`
          : `none of ${sources.join(', ')} exists in the state tree`,
      fix,
      code: 'SLAB2106',
    });
    return FAILED;
  }
  const bytes = files.read(uri) ?? new Uint8Array();
  checkHash(reader, bytes);
  const executable = files.executable?.(uri);
  const mode = executable === undefined ? {} : { executable };
  if (readText(reader, 'template') === undefined) return { content: bytes, ...mode };
  checkVariables(reader, input, () => Buffer.from(bytes).toString());
  return { ...rendered(files.render({ uri, ...templateRequest(chunk, input.unknown) })), ...mode };
}

/**
 * Every line ends in a newline, as in Salt; `contents_newline: False` takes those at the very end away. A list is its
 * lines.
 */
function fromContents(reader: Reader, input: ParseInput, contents: Json): Content {
  const { chunk, files } = input;
  const parts = (Array.isArray(contents) ? (contents as readonly Json[]) : [contents]).map(scalarText);
  const lines = parts.flatMap((part) => part.replace(/\r?\n$/, '').split(/\r?\n/));
  const whole = parts.every((part) => part === '') ? '' : lines.map((line) => `${line}\n`).join('');
  const text = readFlag(reader, 'contents_newline', true) ? whole : whole.replace(/\n+$/, '');
  if (text === '' && !readFlag(reader, 'allow_empty', true))
    reader.complaints.push({ at: ['contents'], summary: '"contents" is empty and allow_empty is off' });
  if (readText(reader, 'template') === undefined) return { content: Buffer.from(text) };
  const written = chunk.args.get('contents');
  const node: ScalarNode = { type: 'scalar', value: text, source: written?.value.source ?? chunk.source };
  checkVariables(reader, input, () => text);
  return rendered(files.render({ text: node, ...templateRequest(chunk, input.unknown) }));
}

/**
 * Arguments that `file` does not know are variables of its template, as in Salt. One that is nowhere in it is a slip of
 * the pen; a template that takes others in is believed to use them.
 */
export function checkVariables(
  reader: Reader,
  { variables = [], chunk }: ParseInput,
  template: () => string,
): void {
  if (variables.length === 0) return;
  const text = template();
  if (/{%-?\s*(?:from|import|include|extends)\b/.test(text)) return;
  for (const name of variables)
    if (!new RegExp(`(?<![\\w.])${name.replace(/\W/g, '')}(?!\\w)`).test(text))
      reader.complaints.push({
        at: [name],
        code: 'SLAB2104',
        summary: `${chunk.module}.${chunk.fun} has no argument "${name}", and its template has no such variable`,
        fix: 'remove it, or correct its name',
      });
}

function rendered(text: string | undefined): Content {
  return text === undefined ? FAILED : { content: Buffer.from(text) };
}

/** Python's way of writing the scalars that YAML gives. */
export function scalarText(value: Json): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return typeof value === 'string' ? value : value === null ? '' : JSON.stringify(value);
}

const LENGTHS: ReadonlyMap<number, string> = new Map([
  [32, 'md5'],
  [40, 'sha1'],
  [56, 'sha224'],
  [64, 'sha256'],
  [96, 'sha384'],
  [128, 'sha512'],
]);

/** `sha256=<hex>`, `sha256:<hex>` or the hexadecimal digits alone. */
function checkHash(reader: Reader, bytes: Uint8Array): void {
  const given = readText(reader, 'source_hash');
  if (given === undefined) return;
  const [, name, digits = ''] = /^(?:(\w+)[=:])?([0-9a-fA-F]+)$/.exec(given) ?? [];
  const algorithm = LENGTHS.get(digits.length);
  if (algorithm === undefined || (name !== undefined && name.toLowerCase() !== algorithm)) {
    reader.complaints.push({
      at: ['source_hash'],
      summary: `"source_hash" is no hash: ${given}`,
      fix: 'write sha256= and 64 hexadecimal digits',
    });
    return;
  }
  const actual = createHash(algorithm).update(bytes).digest('hex');
  if (actual === digits.toLowerCase()) return;
  reader.complaints.push({
    at: ['source_hash'],
    summary: 'the source has another hash',
    why: `its ${algorithm} is ${actual}`,
  });
}
