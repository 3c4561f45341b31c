/** How words are made to stand out; meaning never depends on it. */
export interface Paint {
  /** Failed, destroyed, removed. */
  readonly red: (text: string) => string;
  /** Risky, unknown, warning. */
  readonly yellow: (text: string) => string;
  /** Added, done. */
  readonly green: (text: string) => string;
  /** Places. */
  readonly cyan: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly bold: (text: string) => string;
  readonly underline: (text: string) => string;
}

const same = (text: string) => text;

/** Paint that leaves everything as it is. */
export const plainPaint: Paint = {
  red: same,
  yellow: same,
  green: same,
  cyan: same,
  dim: same,
  bold: same,
  underline: same,
};
