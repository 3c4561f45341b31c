import type { SectionResult } from '../model/script.ts';

/** What arming a trial answered. */
export type Armed =
  | { readonly is: 'armed' }
  /** No step was kept for it: all were held back. */
  | { readonly is: 'empty' }
  /** The line was lost while it was armed: only the host knows how it stands. */
  | { readonly is: 'lost'; readonly why: string }
  /** Nothing was done. `part` is the step that says no, if it is one. */
  | { readonly is: 'refused'; readonly part?: string; readonly why: string };

/** Reads what arming printed. */
export function readArmed(result: SectionResult | undefined): Armed {
  const [head = '', ...rest] = textOf(result).split('\n');
  if (head === 'armed' || head === 'empty') return { is: head };
  const part = /^refused (\S+)/.exec(head)?.[1];
  const why = rest.join('\n').trim();
  return {
    is: 'refused',
    ...(part === undefined || part === '-' ? {} : { part }),
    why: why === '' ? (result?.stderr.trim() ?? '') || 'the host gave no reason' : why,
  };
}

/** How a trial stands. */
export interface Standing {
  /** `open`: not decided, `why` says what is still missing; `deciding`: decided, and being brought about; `gone`: /run is new. */
  readonly is: 'open' | 'deciding' | 'confirmed' | 'rolled-back' | 'gone';
  readonly why?: string;
  /** All is applied: a login from now on counts. */
  readonly applied?: boolean;
  /** What could not be taken back or read again. */
  readonly failed?: string;
  readonly log: string;
}

/** Reads what asking, or looking, printed. */
export function readStanding(result: SectionResult | undefined): Standing {
  const [head = '', ...rest] = textOf(result).split('\n');
  const said = (word: string) => rest.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const why = head.startsWith('no ') ? head.slice('no '.length) : said('reason');
  const failed = said('failed');
  return {
    is: standings.get(head) ?? 'open',
    ...(head === 'applied' ? { applied: true } : {}),
    ...(why === undefined ? {} : { why }),
    ...(failed === undefined ? {} : { failed }),
    log: rest.filter((line) => !/^(reason|failed) /.test(line)).join('\n'),
  };
}

const standings: ReadonlyMap<string, Standing['is']> = new Map([
  ['confirmed', 'confirmed'],
  ['rolled-back', 'rolled-back'],
  ['gone', 'gone'],
  ['storing', 'deciding'],
  ['rolling-back', 'deciding'],
  ['deciding', 'deciding'],
]);

/** A trial that a run has left behind. */
export interface Undecided {
  readonly id: string;
  /** Until the host takes it back by itself. */
  readonly seconds: number;
  /** `dead`: nothing will, and it stays as it is until somebody decides. `undone`: a restart ended it, and it is put back now. */
  readonly is: 'armed' | 'dead' | 'undone';
}

/** Reads the list of trials that are not decided. */
export function readUndecided(result: SectionResult | undefined): readonly Undecided[] {
  return textOf(result)
    .split('\n')
    .flatMap((line) => {
      const [, id, seconds, timer] = /^(\S+) (-?\d+) (\w+)$/.exec(line) ?? [];
      const is = timer === 'dead' || timer === 'undone' ? timer : 'armed';
      return id === undefined ? [] : [{ id, seconds: Number(seconds), is }];
    });
}

function textOf(result: SectionResult | undefined): string {
  return Buffer.from(result?.stdout ?? '').toString('utf8');
}
