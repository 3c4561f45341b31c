/** Where a command leaves the exit code. */
export interface Ended {
  code: number;
}
