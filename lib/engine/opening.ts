import type { SectionResult } from '../model/script.ts';

/** Why the runner did not begin; undefined when it did. */
export function readOpening(
  result: SectionResult | undefined,
): { readonly reason: string; readonly fix: string } | undefined {
  const text = Buffer.from(result?.stdout ?? '')
    .toString('utf8')
    .trim();
  if (text === 'open') return undefined;
  if (text.startsWith('locked')) {
    return {
      reason: `locked by ${text.slice('locked'.length).trim() || 'another run that has just begun'}`,
      fix: 'wait for that run to end, then run this again',
    };
  }
  if (text.startsWith('missing'))
    return { reason: `the host lacks a command: ${text}`, fix: 'install util-linux' };
  return {
    reason: `the run directory cannot be made: ${text || result?.stderr.trim() || 'no answer'}`,
    fix: 'look at the space and the mount options of /run',
  };
}
