/** A mistake in words. */
export interface Problem {
  readonly summary: string;
  readonly why?: string;
  readonly fix?: string;
}
