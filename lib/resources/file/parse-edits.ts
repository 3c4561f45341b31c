import type { Json } from '../../model/json.ts';
import type { Regex } from '../../regex/regex.ts';
import type { Parsed, ParseInput } from '../../model/resource.ts';
import { type Reader, readBackup, readFlag, readPath, readText } from './arguments.ts';
import { sha256Of } from './contents.ts';
import type { Edit } from './edit.ts';
import type { LineEdit } from './edit-line.ts';
import { finishReading, startReading } from './parse-placed.ts';
import { compilePattern, LINE_PATTERN, type PatternFlags, readReplacement } from './python-regex.ts';
import { readSource, scalarText } from './source.ts';
import type { Edited } from './types.ts';

/** Reads one of the states that edit a part of a file. */
export function parseEdited(input: ParseInput): Parsed<Edited> {
  const reader = startReading(input);
  const path = readPath(reader, 'name', input.name);
  const read = EDITS.get(input.fun)?.(reader, input);
  const backup = readBackup(reader);
  if (read === undefined) return { complaints: reader.complaints };
  return finishReading(reader, {
    is: 'edited',
    fun: `file.${input.fun}`,
    path,
    makedirs: readFlag(reader, 'makedirs'),
    part: read.part ?? `${input.fun} ${sha256Of(Buffer.from(JSON.stringify(read.edit))).slice(0, 12)}`,
    edit: read.edit,
    create:
      ['append', 'prepend'].includes(input.fun) ||
      readFlag(reader, 'create') ||
      readFlag(reader, 'create_if_missing'),
    ignoreMissing: readFlag(reader, 'ignore_if_missing'),
    ...(backup === undefined ? {} : { backup }),
    hidden: !readFlag(reader, 'show_changes', true),
  });
}

interface ReadEdit {
  readonly edit: Edit;
  /** What tells it from other edits of the file, when that is not all of it. */
  readonly part?: string;
}

const EDITS: ReadonlyMap<string, (reader: Reader, input: ParseInput) => ReadEdit | undefined> = new Map([
  ['append', readAppend],
  ['prepend', readAppend],
  ['replace', readReplace],
  ['line', readLine],
  ['blockreplace', readBlock],
  ['comment', readComment],
  ['uncomment', readComment],
  ['keyvalue', readKeyValue],
]);

function readAppend(reader: Reader, input: ParseInput): ReadEdit | undefined {
  const text = reader.args['text'] ?? undefined;
  const chunks = text === undefined ? sourceText(reader, input) : [text].flat().map(scalarText);
  if (chunks === undefined) {
    if (reader.complaints.length === 0 && reader.args['source'] === undefined)
      reader.complaints.push({ at: [], summary: `file.${input.fun} needs "text" or "source"` });
    return undefined;
  }
  const op = input.fun === 'append' ? 'append' : 'prepend';
  return { edit: { op, chunks, ignoreWhitespace: readFlag(reader, 'ignore_whitespace', true) } };
}

/** The whole of a source as one piece; undefined when there is none, or something is wrong with it. */
function sourceText(reader: Reader, input: ParseInput): readonly string[] | undefined {
  const source = readSource(reader, input);
  if ('failed' in source || source.content === undefined) return undefined;
  return [new TextDecoder().decode(source.content)];
}

function readReplace(reader: Reader): ReadEdit {
  const pattern = readText(reader, 'pattern') ?? '';
  const repl = readText(reader, 'repl') ?? '';
  const flags = readFlags(reader);
  const backslashLiteral = readFlag(reader, 'backslash_literal');
  const compiled = checkPattern(reader, 'pattern', pattern, flags);
  const replacement = compiled && readReplacement(repl, backslashLiteral, compiled);
  if (replacement !== undefined && 'fault' in replacement)
    reader.complaints.push({
      at: ['repl'],
      summary: `"repl" cannot be used: ${replacement.fault}`,
      fix: 'double the backslash, or set backslash_literal: True',
    });
  const count = reader.args['count'];
  const otherwise = readFlag(reader, 'append_if_not_found')
    ? 'append'
    : readFlag(reader, 'prepend_if_not_found')
      ? 'prepend'
      : undefined;
  const notFoundContent = readText(reader, 'not_found_content');
  return {
    edit: {
      op: 'replace',
      pattern,
      flags,
      repl,
      count: typeof count === 'number' ? count : 0,
      backslashLiteral,
      ...(otherwise === undefined ? {} : { otherwise }),
      ...(notFoundContent === undefined ? {} : { notFoundContent }),
    },
    part: `replace ${pattern}`,
  };
}

/** Names of Python's flags, or their sum; Salt's default is MULTILINE. */
function readFlags(reader: Reader): PatternFlags {
  const given = reader.args['flags'] ?? 8;
  const names = new Map([
    ['IGNORECASE', 2],
    ['I', 2],
    ['MULTILINE', 8],
    ['M', 8],
    ['DOTALL', 16],
    ['S', 16],
  ]);
  const bits = [given].flat().reduce<number>((sum, each: Json) => {
    if (typeof each === 'number') return sum | each;
    const bit = typeof each === 'string' ? names.get(each.toUpperCase()) : undefined;
    if (bit === undefined)
      reader.complaints.push({ at: ['flags'], summary: `"flags" knows ${[...names.keys()].join(', ')}` });
    return sum | (bit ?? 0);
  }, 0);
  return { ignoreCase: (bits & 2) !== 0, multiline: (bits & 8) !== 0, dotAll: (bits & 16) !== 0 };
}

function checkPattern(reader: Reader, at: string, pattern: string, flags: PatternFlags): Regex | undefined {
  const compiled = compilePattern(pattern, flags);
  if ('regex' in compiled) return compiled.regex;
  reader.complaints.push({
    at: [at],
    summary: `"${at}" is not a pattern that can be used: ${compiled.fault}`,
  });
  return undefined;
}

function readLine(reader: Reader): ReadEdit | undefined {
  const mode = readText(reader, 'mode') as LineEdit['mode'] | undefined;
  const content = readText(reader, 'content') ?? '';
  const [match, before, after] = ['match', 'before', 'after'].map((at) => readText(reader, at));
  const location = readText(reader, 'location') as LineEdit['location'];
  if (mode === undefined) return undefined;
  if (content.includes('\n'))
    reader.complaints.push({
      at: ['content'],
      summary: '"content" is more than one line',
      fix: 'use file.blockreplace',
    });
  if (mode !== 'delete' && content === '')
    reader.complaints.push({ at: ['content'], summary: `file.line with mode ${mode} needs "content"` });
  if (mode === 'replace' && match === undefined)
    reader.complaints.push({ at: ['mode'], summary: 'file.line with mode replace needs "match"' });
  if (
    (mode === 'delete' && (match ?? content) === '') ||
    (['ensure', 'insert'].includes(mode) && (before ?? after ?? location) === undefined)
  )
    reader.complaints.push({
      at: ['mode'],
      summary: `file.line with mode ${mode} needs ${mode === 'delete' ? '"match" or "content"' : mode === 'ensure' ? '"before" or "after"' : '"location", "before" or "after"'}`,
    });
  return {
    edit: {
      op: 'line',
      mode,
      content,
      indent: readFlag(reader, 'indent', true),
      ...(match === undefined ? {} : { match }),
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
      ...(location === undefined ? {} : { location }),
    },
  };
}

function readBlock(reader: Reader, input: ParseInput): ReadEdit | undefined {
  const start = readText(reader, 'marker_start') ?? '#-- start managed zone --';
  const end = readText(reader, 'marker_end') ?? '#-- end managed zone --';
  if (start === end || start === '' || end === '')
    reader.complaints.push({
      at: ['marker_end'],
      summary: 'the two markers of a block must differ, and hold something',
    });
  const fromSource = reader.args['source'] === undefined ? undefined : sourceText(reader, input);
  if (reader.args['source'] !== undefined && fromSource === undefined) return undefined;
  const content = fromSource?.[0] ?? readText(reader, 'content') ?? '';
  const before = readText(reader, 'insert_before_match');
  const after = readText(reader, 'insert_after_match');
  const at = before === undefined ? 'insert_after_match' : 'insert_before_match';
  const place = before ?? after;
  if (place !== undefined) checkPattern(reader, at, place, LINE_PATTERN);
  const otherwise = readFlag(reader, 'append_if_not_found')
    ? 'append'
    : readFlag(reader, 'prepend_if_not_found')
      ? 'prepend'
      : undefined;
  return {
    edit: {
      op: 'block',
      start,
      end,
      content,
      ...(otherwise === undefined ? {} : { otherwise }),
      ...(place === undefined
        ? {}
        : { beside: { pattern: place, where: before === undefined ? 'after' : 'before' } }),
    },
    part: `block ${start}`,
  };
}

function readComment(reader: Reader, input: ParseInput): ReadEdit {
  const regex = readText(reader, 'regex') ?? '';
  checkPattern(reader, 'regex', regex, LINE_PATTERN);
  const op = input.fun === 'comment' ? 'comment' : 'uncomment';
  const ignoreMissing = readFlag(reader, 'ignore_missing');
  return {
    edit: { op, regex, char: readText(reader, 'char') ?? '#', ignoreMissing },
    part: `comment ${regex}`,
  };
}

function readKeyValue(reader: Reader): ReadEdit {
  const { args } = reader;
  const values = (args['key_values'] ?? {}) as Readonly<Record<string, Json>>;
  const key = readText(reader, 'key');
  const pairs = [
    ...(key === undefined ? [] : [[key, args['value'] ?? ''] as const]),
    ...Object.entries(values),
  ];
  if (pairs.length === 0)
    reader.complaints.push({ at: [], summary: 'file.keyvalue needs "key" and "value", or "key_values"' });
  const uncomment = readText(reader, 'uncomment');
  return {
    edit: {
      op: 'keyvalue',
      pairs: pairs.map(([name, value]) => [name, scalarText(value)] as const),
      separator: readText(reader, 'separator') ?? '=',
      append: readFlag(reader, 'append_if_not_found'),
      keyIgnoreCase: readFlag(reader, 'key_ignore_case'),
      valueIgnoreCase: readFlag(reader, 'value_ignore_case'),
      ...(uncomment === undefined ? {} : { uncomment }),
    },
    part: `keyvalue ${pairs.map(([name]) => name).join(' ')}`,
  };
}
