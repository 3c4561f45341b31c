import type { Block } from './facts.ts';
import { EDGE } from './gpt.ts';
import type { Edge, Look } from './read-look.ts';

/** What the bytes of a device say, of which no scanner sees anything but, at most, a table. */
export type BlankProof =
  | { readonly found: 'no answer'; readonly state: 'BUSY' | 'UNREADABLE'; readonly why: string }
  | { readonly found: 'data'; readonly where: string }
  /** Nothing but zeros between the ends, and something in one of them. */
  | { readonly found: 'ends'; readonly head: Edge; readonly tail: Edge }
  | { readonly found: 'zeros'; readonly words: string };

/** Reads a proof of blankness; whatever it does not say is no zero. @param what `disk` or `device`, in words. */
export function readBlankProof(look: Look, { sizeBytes }: Block, what: string): BlankProof {
  const { exclusive, free, head, tail, proof } = look;
  const no = (state: 'BUSY' | 'UNREADABLE', why: string): BlankProof => ({ found: 'no answer', state, why });
  if (exclusive !== null)
    return no('BUSY', exclusive ?? 'whether it can be opened for us alone is not known');
  if (free !== null) return no('BUSY', free ?? 'whether somebody has it open is not known');
  if (proof === undefined || head === undefined || tail === undefined)
    return no('UNREADABLE', 'the proof that it is blank was not finished');
  if (proof.verdict === 'unreadable' || head.state === 'unreadable' || tail.state === 'unreadable')
    return no(
      'UNREADABLE',
      `a read failed (offset and length: ${proof.where || 'at one of its ends'}). An unreadable ${what} is never blank.`,
    );
  if (proof.verdict === 'nonzero') return { found: 'data', where: proof.where };
  if (head.state === 'bytes' || tail.state === 'bytes') return { found: 'ends', head, tail };
  const { how, reads, bytes } = proof;
  return {
    found: 'zeros',
    words: `blank: proof ${how}, ${reads} reads, ${bytes} bytes of ${sizeBytes ?? 0}, all zero, 0 errors`,
  };
}

/** The bytes of one end of a device. */
export function bytesOf(edge: Edge): Uint8Array {
  return edge.state === 'bytes' ? Buffer.from(edge.base64, 'base64') : Buffer.alloc(EDGE);
}
