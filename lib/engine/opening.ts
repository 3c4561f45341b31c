import type { SectionResult } from '../model/script.ts';

/** Why the runner did not begin. */
export interface Closed {
  readonly reason: string;
  readonly fix: string;
  /** Another run holds the host. */
  readonly locked: boolean;
}

/** Why the runner did not begin; undefined when it did. */
export function readOpening(result: SectionResult | undefined): Closed | undefined {
  const text = textOf(result);
  const [first = '', ...rest] = text.split('\n');
  if (first === 'open') return undefined;
  if (first.startsWith('locked')) {
    const who = first.slice('locked'.length).trim();
    return {
      reason: who === '' ? 'locked by another run that has just begun' : `locked by ${who}${ageWords(rest)}`,
      fix: 'wait for it with --wait SECONDS, or ask who holds it; slab unlock HOST --reason TEXT takes the lock away',
      locked: true,
    };
  }
  if (text.startsWith('missing'))
    return { reason: `the host lacks a command: ${text}`, fix: 'install util-linux', locked: false };
  const why = text.replace(/^denied /, '');
  if (why.startsWith('the run directory is gone'))
    return { reason: why, fix: 'run it again: it goes on with what is not done yet', locked: false };
  return {
    reason: `the run directory cannot be made: ${why || result?.stderr.trim() || 'no answer'}`,
    fix: 'look at the space and the mount options of /run',
    locked: false,
  };
}

/** Whose lock was taken over, in words; undefined when it was free. */
export function readTakenOver(result: SectionResult): string | undefined {
  return /^open\nafter (.+)/.exec(textOf(result))?.[1];
}

/** What the host says of a lock: held for, silent for, seconds left, whether a step runs; then why it was taken away. */
function ageWords([numbers = '', broken]: readonly string[]): string {
  const [held, silent, left, runs] = numbers.split(' ');
  if (held === undefined || silent === undefined || left === undefined) return '';
  const end =
    runs === 'yes'
      ? 'a step of it runs'
      : Number(left) > 0
        ? `it ends in ${left} s unless renewed`
        : 'its time is over';
  const taken = broken === undefined || broken === '' ? '' : `; taken away by ${broken}`;
  return ` (held for ${held} s, last sign of life ${silent} s ago, ${end}${taken})`;
}

function textOf(result: SectionResult | undefined): string {
  return Buffer.from(result?.stdout ?? '')
    .toString('utf8')
    .trim();
}
