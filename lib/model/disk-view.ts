/** One disk of a host as the plan shows it: a line of the host's picture. */
export interface DiskView {
  /** Where it is: a number, a by-path name; empty when the host does not say. */
  readonly slot: string;
  /** Empty for a place where a disk should be and none is. */
  readonly serial: string;
  readonly wwn?: string;
  readonly sizeBytes: number;
  /** `READY`, `BLANK`, `OCCUPIED` … */
  readonly state: string;
  /**
   * What the plan does with it: nothing, something harmless, a damaged copy written anew from a whole one, a format, or nothing
   * although something is wanted.
   */
  readonly action: 'none' | 'change' | 'mend' | 'format' | 'refused';
  /** Its role and number, `object-3`; empty when it has none. */
  readonly role: string;
  /** Where it is mounted, or will be; empty when nowhere. */
  readonly mount: string;
  /** How often it was formatted with an approval, of a disk that is ours. */
  readonly gen?: number;
  /** What was seen and what will be done, a sentence a line; the first stands on the disk's own line. */
  readonly words: readonly string[];
}
