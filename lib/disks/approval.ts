import type { DiskApproval } from '../model/records.ts';
import type { Look } from './read-look.ts';
import { lookFor, type Undecided } from './verdict.ts';

interface Judged {
  readonly state: string;
  readonly action: object;
  readonly evidence: readonly string[];
}

interface Heard<A> {
  /** Why the approval is for something else; undefined when it is for this very device. */
  readonly misfit: string | undefined;
  readonly look: Pick<Look, 'fingerprint'> | undefined;
  /** What is done where a person agreed to it. */
  readonly action: A;
}

/** What an approval makes of a refusal: only with the fingerprint of what is there now is done what it allows. */
export function heedApproval<V extends Judged, A>(
  refusal: V,
  { fingerprint, by, reason }: DiskApproval,
  { misfit, look, action }: Heard<A>,
): V | Undecided | (Omit<V, 'action'> & { readonly action: A }) {
  const withWord = (word: string): V => ({ ...refusal, evidence: [...refusal.evidence, word] });
  if (misfit !== undefined) return withWord(misfit);
  if (look === undefined) return lookFor('fingerprint');
  if (look.fingerprint === undefined) return withWord('its fingerprint could not be taken');
  if (look.fingerprint !== fingerprint)
    return withWord(`the approval is for ${fingerprint}, and what is there is ${look.fingerprint}`);
  return { ...withWord(`its destruction was approved by ${by}: ${reason}`), action };
}
