import type { DiskState } from '../../lib/disks/verdict.ts';
import { DISK_CONTENTS } from '../support/storage/contents.ts';
import type { ContentCase, DiskClass, Fault } from './content-case.ts';

/** What has to become of a case. */
export interface Expectation {
  /** What the plan may take the disk for; it may have heard too little to say anything. */
  readonly states: readonly (DiskState | 'nothing heard')[];
  /** Ready and mounted, or as it was. */
  readonly end: 'ready' | 'untouched' | 'either';
  /** The plan has a change, and the apply refuses it with these words. Without them it is the plan that refuses. */
  readonly refusal?: RegExp;
}

type Judge = (drawn: ContentCase) => Expectation;
type States = Expectation['states'];

const ready =
  (...states: States): Judge =>
  () => ({ states, end: 'ready' });
const refused =
  (...states: States): Judge =>
  () => ({ states, end: 'untouched' });
const either =
  (...states: States): Judge =>
  () => ({ states, end: 'either' });
const stopped =
  (refusal: RegExp, ...states: States): Judge =>
  () => ({ states, end: 'untouched', refusal });

const IN_USE = /in use: |cannot be opened for us alone/;
const SWAPPED = /changed since the plan/;
const BOOTED = /the plan is from boot/;
const NOT_ZERO = /not proved to be zero: nonzero|not blank, or not readable/;
const NOT_AGREED = /the approval is for/;
const NOT_READ = /not proved to be zero: unreadable/;
const NOT_READ_AGAIN = /a part of it cannot be read|the approval is for/;
const TAKEN = /already mounted|busy/;
const UNHEARD = refused('nothing heard', 'UNREADABLE');

/** What is somebody's is told by scanners, by its bytes alone, or by the marker of another host or role. */
interface Told {
  readonly scanners: Judge;
  readonly bytes: Judge;
  readonly marker: Judge;
}

function told({ scanners, bytes, marker }: Told): Judge {
  return (drawn) => {
    if (drawn.content.startsWith('of another')) return marker(drawn);
    if (drawn.data !== undefined) return bytes(drawn);
    const { silent } = DISK_CONTENTS.find(({ name }) => name === drawn.content) ?? {};
    if (silent === undefined) return scanners(drawn);
    const said = bytes(drawn);
    // By chance random bytes are what a scanner looks for.
    return silent === 'mostly' ? { ...said, states: [...said.states, ...scanners(drawn).states] } : said;
  };
}

/** What scanners see, and what they do not, is judged alike. */
const content = (all: Judge, marker: Judge): Judge => told({ scanners: all, bytes: all, marker });

/** Of somebody's disk a sector cannot be read, or it is read only. */
const HIDDEN = content(refused('OCCUPIED', 'UNREADABLE'), refused('FOREIGN', 'UNREADABLE', 'CHANGED'));
const NEVER_WRITTEN = content(refused('UNSUITABLE'), refused('UNREADABLE'));

/**
 * What has to become of a disk of each class with each fault that can matter to it: the table of lib/disks/decide.ts, and what the
 * apply proves again. A pair that is not here is not drawn.
 */
export const EXPECTED: Readonly<Record<DiskClass, Readonly<Partial<Record<Fault, Judge>>>>> = {
  blank: {
    none: ready('BLANK'),
    'unreadable sector': refused('UNREADABLE'),
    'read only': refused('UNSUITABLE'),
    'held exclusively': refused('BUSY'),
    'open for writing': refused('BUSY'),
    'loop device on it': refused('BUSY'),
    'same serial number twice': refused('AMBIGUOUS'),
    'answer cut': UNHEARD,
    'not to be formatted': refused('BLANK'),
    'known to have been ready': refused('CHANGED'),
    'out of service': refused('RETIRED'),
    'approval without need': ready('BLANK'),
    'written to after the plan': stopped(NOT_ZERO, 'BLANK'),
    'read fails after the plan': stopped(NOT_READ, 'BLANK'),
    'held exclusively after the plan': stopped(IN_USE, 'BLANK'),
    'open for writing after the plan': stopped(IN_USE, 'BLANK'),
    'swapped after the plan': stopped(SWAPPED, 'BLANK'),
    'host booted after the plan': stopped(BOOTED, 'BLANK'),
    'step killed': ready('BLANK'),
    'two controllers': ready('BLANK'),
  },
  ready: {
    none: ready('READY'),
    // It may be where nobody looks, in a copy of the table, or in what has to be read for a mount.
    'unreadable sector': either('READY', 'DEGRADED', 'UNREADABLE', 'CHANGED'),
    // It is not looked into: a disk that we would write to, and cannot, is not as it was.
    'read only': refused('UNREADABLE'),
    'held exclusively': refused('BUSY'),
    // Neither keeps a kernel from mounting it, nor is anything made of it.
    'open for writing': ready('READY'),
    'loop device on it': ready('READY'),
    // A kernel mounts what is mounted read only a second time for writing when it is a btrfs.
    'mounted elsewhere': either('READY'),
    'same serial number twice': refused('AMBIGUOUS'),
    'answer cut': UNHEARD,
    'known to have been ready': ready('READY'),
    'out of service': refused('RETIRED'),
    'approval without need': ready('READY'),
    'held exclusively after the plan': stopped(TAKEN, 'READY'),
    'mounted elsewhere after the plan': either('READY'),
    'swapped after the plan': stopped(SWAPPED, 'READY'),
    'host booted after the plan': stopped(BOOTED, 'READY'),
    'step killed': ready('READY'),
    'two controllers': ready('READY'),
  },
  unfinished: {
    none: ready('UNFINISHED'),
    // Our own work is finished where the sector is in nobody's way.
    'unreadable sector': either('UNFINISHED', 'UNREADABLE'),
    'read only': refused('UNSUITABLE'),
    'held exclusively': stopped(IN_USE, 'UNFINISHED'),
    'open for writing': stopped(IN_USE, 'UNFINISHED'),
    'loop device on it': refused('BUSY'),
    'mounted elsewhere': refused('BUSY'),
    'same serial number twice': refused('AMBIGUOUS'),
    'answer cut': UNHEARD,
    'out of service': refused('RETIRED'),
    'approval without need': ready('UNFINISHED'),
    // It is written into what will be made anew.
    'written to after the plan': ready('UNFINISHED'),
    'held exclusively after the plan': stopped(IN_USE, 'UNFINISHED'),
    'open for writing after the plan': stopped(IN_USE, 'UNFINISHED'),
    'mounted elsewhere after the plan': stopped(IN_USE, 'UNFINISHED'),
    'swapped after the plan': stopped(SWAPPED, 'UNFINISHED'),
    'host booted after the plan': stopped(BOOTED, 'UNFINISHED'),
    'step killed': ready('UNFINISHED'),
    'two controllers': ready('UNFINISHED'),
  },
  foreign: {
    none: content(refused('OCCUPIED'), refused('FOREIGN')),
    'unreadable sector': HIDDEN,
    'read only': NEVER_WRITTEN,
    'held exclusively': told({
      scanners: refused('OCCUPIED'),
      bytes: refused('BUSY'),
      marker: refused('BUSY'),
    }),
    'open for writing': told({
      scanners: refused('OCCUPIED'),
      bytes: refused('BUSY'),
      marker: refused('FOREIGN'),
    }),
    'loop device on it': content(refused('BUSY'), refused('FOREIGN')),
    'mounted elsewhere': content(refused('BUSY'), refused('FOREIGN')),
    'same serial number twice': refused('AMBIGUOUS'),
    'answer cut': UNHEARD,
    'out of service': refused('RETIRED'),
  },
  approved: {
    none: content(ready('OCCUPIED'), ready('FOREIGN')),
    // In one of its ends: nobody can agree to what cannot be read.
    'unreadable sector': HIDDEN,
    // Nobody is asked to agree to what cannot be written.
    'read only': NEVER_WRITTEN,
    'held exclusively': told({
      scanners: stopped(IN_USE, 'OCCUPIED'),
      bytes: refused('BUSY'),
      marker: refused('BUSY'),
    }),
    'open for writing': told({
      scanners: stopped(IN_USE, 'OCCUPIED'),
      bytes: refused('BUSY'),
      marker: stopped(IN_USE, 'FOREIGN'),
    }),
    'loop device on it': refused('BUSY'),
    'mounted elsewhere': refused('BUSY'),
    'answer cut': UNHEARD,
    'written to after the plan': content(stopped(NOT_AGREED, 'OCCUPIED'), stopped(NOT_AGREED, 'FOREIGN')),
    'read fails after the plan': content(
      stopped(NOT_READ_AGAIN, 'OCCUPIED'),
      stopped(NOT_READ_AGAIN, 'FOREIGN'),
    ),
    'held exclusively after the plan': content(stopped(IN_USE, 'OCCUPIED'), stopped(IN_USE, 'FOREIGN')),
    'open for writing after the plan': content(stopped(IN_USE, 'OCCUPIED'), stopped(IN_USE, 'FOREIGN')),
    'mounted elsewhere after the plan': content(stopped(IN_USE, 'OCCUPIED'), stopped(IN_USE, 'FOREIGN')),
    'swapped after the plan': content(stopped(SWAPPED, 'OCCUPIED'), stopped(SWAPPED, 'FOREIGN')),
    'host booted after the plan': content(stopped(BOOTED, 'OCCUPIED'), stopped(BOOTED, 'FOREIGN')),
    'step killed': content(ready('OCCUPIED'), ready('FOREIGN')),
    'two controllers': content(ready('OCCUPIED'), ready('FOREIGN')),
  },
};

/** What has to become of a case. @param staged whether its fault was brought about. */
export function expectationOf(drawn: ContentCase, staged: boolean): Expectation {
  const judge = EXPECTED[drawn.class][staged ? drawn.fault : 'none'];
  if (judge === undefined) throw new Error(`nobody says what becomes of ${drawn.class} | ${drawn.fault}`);
  return judge(drawn);
}
