/** A place in a file a person wrote. Lines and columns count from 1; a column counts UTF-16 units. */
export interface SourceRange {
  /** Path as the user would type it, relative to the project where it can be. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where the marked text ends (exclusive), when it is known; on the same line unless endLine says otherwise. */
  readonly endLine?: number;
  readonly endColumn?: number;
  /** How the text came here, innermost first: included from, imported from, called from. */
  readonly via?: readonly SourceRange[];
}
