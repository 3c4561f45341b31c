import { type RepoEntry, readLine, readStanza } from './entry.ts';

/** A piece of a file with entries in it: a line, or a stanza of a `.sources` file. */
export interface Piece {
  readonly path: string;
  /** As it stands in the file. */
  readonly text: string;
  /** More than one only in a stanza. */
  readonly entries: readonly RepoEntry[];
}

/** Whether a file has stanzas instead of lines. */
export function hasStanzas(path: string): boolean {
  return path.endsWith('.sources');
}

/** The pieces of a file of apt's sources. */
export function readPieces(path: string, text: string): readonly Piece[] {
  if (!hasStanzas(path))
    return text.split('\n').flatMap((line) => {
      const entry = readLine(line);
      return entry === undefined ? [] : [{ path, text: line, entries: [entry] }];
    });
  return text.split(/\n(?:[ \t]*\n)+/).flatMap((part) => {
    const stanza = part.replace(/^\n+|\n+$/g, '');
    const entries = readStanza(stanza);
    return entries.length === 0 ? [] : [{ path, text: stanza, entries }];
  });
}
