import { displayWidth, padDisplay } from '../diagnostics/width.ts';
import type { DiskView } from '../model/disk-view.ts';
import type { HostDisks } from '../model/report.ts';
import { plural, sizeText, type Style } from './style.ts';

/** Hosts that are shown before the rest is only counted. */
const MOST_HOSTS = 12;

/** The disks of each host of which anything is to be said, a line each, and below it why. */
export function diskRows(hosts: readonly HostDisks[], style: Style, full = false): readonly string[] {
  const told = hosts.filter(({ disks }) => full || disks.some(isWorthAWord));
  if (told.length === 0) return [];
  const shown = full ? told : told.slice(0, MOST_HOSTS);
  const all = told.flatMap(({ disks }) => disks);
  const formats = all.filter(({ action }) => action === 'format');
  const unfinished = formats.filter(({ state }) => state === 'UNFINISHED').length;
  const blank = formats.filter(({ state }) => state === 'BLANK').length;
  const mended = all.filter(({ action }) => action === 'mend').length;
  const mends = mended === 0 ? '' : `, ${mended} mended`;
  const destroyed = formats.length - unfinished - blank;
  const destroys = `Destroys data: ${destroyed}.`;
  return [
    style.paint.bold('Disks'),
    ...shown.flatMap((host) => hostRows(host, style)),
    ...(told.length > shown.length ? [`  and ${plural(told.length - shown.length, 'host')} more`] : []),
    `  Writes to disks: ${formats.length + mended} (${blank} new, ${unfinished} unfinished${mends}). ${destroyed > 0 ? style.paint.red(destroys) : destroys}`,
  ];
}

function isWorthAWord({ action, state }: DiskView): boolean {
  return action !== 'none' || !['READY', 'SYSTEM'].includes(state);
}

function hostRows({ host, disks }: HostDisks, style: Style): readonly string[] {
  const cells = disks.map(({ slot, serial, sizeBytes, state, role, mount }) =>
    [slot, serial, sizeText(sizeBytes), state, role, mount].map((text) => style.show(text)),
  );
  const widths = [0, 1, 2, 3, 4, 5].map((column) =>
    Math.max(0, ...cells.map((row) => displayWidth(row[column] ?? ''))),
  );
  const rows = disks.flatMap((disk, index) => {
    const head = (cells[index] ?? [])
      .flatMap((text, column) => {
        const width = widths[column] ?? 0;
        return width === 0 ? [] : [paintCell(padDisplay(text, width), column, disk, style)];
      })
      .join('  ');
    const [first = '', ...more] = disk.words.map((text) => style.show(text));
    return [`    ${head}  ${first}`.trimEnd(), ...more.map((text) => `        ${style.paint.dim(text)}`)];
  });
  return [`  ${style.show(host)} ${style.glyph.dot} ${plural(disks.length, 'disk')}`, ...rows];
}

function paintCell(text: string, column: number, { action, state }: DiskView, style: Style): string {
  if (column !== 3) return text;
  if (action === 'refused') return style.paint.red(text);
  if (action !== 'none') return style.paint.yellow(text);
  return state === 'READY' ? text : style.paint.yellow(text);
}
