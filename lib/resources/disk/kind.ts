import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { diffDisks } from './diff.ts';
import { functions } from './functions.ts';
import { deepenDisks, observeDeeper, observeDisks } from './observe.ts';
import type { DiskObserved } from './observed.ts';
import { parseDisk, type DiskDeclared } from './parse.ts';
import { stepsOfDisks } from './steps.ts';

/** `disk.data`: a host's data disks, by what they are. */
export const disk = defineKind<DiskDeclared, DiskObserved>({
  name: 'disk',
  summary: 'data disks: formatted only on proof, mounted where they belong, and ours',
  functions,
  parse: parseDisk,
  identify: ({ role }) => [`disk:${role}`],
  probe: () => factsScript,
  observe: observeDisks,
  deepen: deepenDisks,
  observeDeeper,
  diff: diffDisks,
  steps: stepsOfDisks,
});
