import type { DiskApproval } from '../model/records.ts';
import { diskIds, type DiskIds } from './ids.ts';
import type { Look } from './read-look.ts';
import { lookFor, refuse, type Case, type Undecided, type Verdict } from './verdict.ts';

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

/** An approval for this disk, with the fingerprint of what is on it now, allows what is refused otherwise; nobody may use it meanwhile. */
export function approvable(input: Case, refusal: Verdict, users: readonly string[]): Verdict {
  const { policy, disk, look } = input;
  const { approval } = policy;
  if (approval === undefined) return refusal;
  if (users.length > 0) return refuse('BUSY', ...refusal.evidence, ...users.map((user) => `in use: ${user}`));
  const fits =
    approval.host === policy.host &&
    approval.serial === disk.serial &&
    approval.sizeBytes === disk.block.sizeBytes;
  return heedApproval(refusal, approval, {
    misfit: fits ? undefined : 'the approval is for another host, serial number or size',
    look,
    action: {
      do: 'format',
      mode: 'approved',
      ids: idsOf(input, approval.gen),
      gen: approval.gen,
      fingerprint: approval.fingerprint,
    },
  });
}

/** The ids that a format of this generation gives a disk. */
export function idsOf({ policy, disk }: Case, gen: number): DiskIds {
  return diskIds({ ...policy, serial: disk.serial, gen });
}
