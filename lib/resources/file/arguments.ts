import type { Json, JsonObject } from '../../model/json.ts';
import type { Complaint } from '../../model/resource.ts';
import type { Attributes } from './types.ts';

/** Reads arguments one by one and keeps what is wrong with them; the schema has seen to their types. */
export interface Reader {
  readonly args: JsonObject;
  readonly complaints: Complaint[];
}

/** The path a state is named after, without `//`, `.` and a slash at the end. */
export function readPath(reader: Reader, at: string, given: Json | undefined): string {
  const path = typeof given === 'string' ? given : '';
  const complain = (summary: string, fix?: string): string => {
    reader.complaints.push({ at: [at], summary, ...(fix === undefined ? {} : { fix }) });
    return '/nowhere';
  };
  if (path.startsWith('~'))
    return complain(`"${path}" begins with ~, which only a shell reads`, 'write the whole path');
  if (!path.startsWith('/')) return complain(`"${path}" is not an absolute path`, `begin it with "/"`);
  if (path.includes('\0') || !path.isWellFormed())
    return complain('a path cannot hold NUL or half a character');
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  if (names.includes('..')) return complain(`"${path}" contains ".."`, 'write the path it leads to');
  return `/${names.join('/')}`;
}

/** Owner, group and mode. */
export function readAttributes(reader: Reader, modeName = 'mode'): Attributes {
  const user = readAccount(reader, 'user');
  const group = readAccount(reader, 'group');
  const mode = readMode(reader, modeName);
  return {
    ...(user === undefined ? {} : { user }),
    ...(group === undefined ? {} : { group }),
    ...(mode === undefined ? {} : { mode }),
  };
}

/**
 * A file mode: YAML has taken the zero off an unquoted 0644, so the digits of a number are the octal ones.
 */
export function readMode(reader: Reader, at: string): number | undefined {
  const given = reader.args[at];
  if (given === undefined || given === null) return undefined;
  const text = typeof given === 'number' ? String(given) : typeof given === 'string' ? given : '';
  if (/^(0o?)?[0-7]{1,4}$/.test(text)) return parseInt(text.replace('o', ''), 8);
  const keep = text === 'keep';
  reader.complaints.push({
    at: [at],
    summary: keep
      ? `"${at}: keep" has no file to keep the mode of`
      : `"${at}" must be a file mode such as 644 or "0644", not "${text}"`,
    ...(keep ? { why: 'it means the mode of a source in the state tree' } : {}),
    fix: 'write three or four digits from 0 to 7',
  });
  return undefined;
}

/** A name, or a number as text. */
function readAccount(reader: Reader, at: 'user' | 'group'): string | undefined {
  const given = reader.args[at];
  if (given === undefined || given === null || given === '') return undefined;
  const name = typeof given === 'string' ? given : JSON.stringify(given);
  if (/^[A-Za-z0-9_][A-Za-z0-9_.@\\-]*\$?$/.test(name)) return name;
  reader.complaints.push({ at: [at], summary: `"${name}" cannot be the name of a ${at}` });
  return undefined;
}

/** True or false; false when it is not there. */
export function readFlag(reader: Reader, at: string, otherwise = false): boolean {
  const given = reader.args[at];
  return typeof given === 'boolean' ? given : otherwise;
}

/** Text; undefined when it is not there. */
export function readText(reader: Reader, at: string): string | undefined {
  const given = reader.args[at];
  return given === undefined || given === null || typeof given === 'object' ? undefined : String(given);
}

/** One text or a list of them. */
export function readTexts(reader: Reader, at: string): readonly string[] {
  const given = reader.args[at];
  if (given === undefined || given === null) return [];
  return [given].flat().map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
}

/** `minion` keeps a copy in the backup folder of the host; a suffix such as `.bak` keeps one beside the file. */
export function readBackup(reader: Reader): string | undefined {
  const given = reader.args['backup'];
  if (given === undefined || given === null || given === false || given === '') return undefined;
  if (given === 'minion' || given === true) return 'minion';
  if (typeof given === 'string' && /^[.~][A-Za-z0-9._~-]*$/.test(given)) return given;
  reader.complaints.push({
    at: ['backup'],
    summary: `"backup" must be "minion", a suffix such as ".bak" or false, not ${JSON.stringify(given)}`,
    ...(given === 'master' ? { why: 'there is no master that could keep it' } : {}),
  });
  return undefined;
}
