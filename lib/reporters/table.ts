import { foldHosts } from '../diagnostics/fold.ts';
import { displayWidth, padDisplay } from '../diagnostics/width.ts';
import { paintSign } from './item-text.ts';
import { makeStyle, plural } from './style.ts';
import type { StyleOptions } from './style.ts';

/**
 * Columns under their heads; the last one is not filled. Cells come from the world and are made harmless here. A table wider
 * than the screen stays whole: a cut name would be a wrong one.
 */
export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  options: StyleOptions = {},
): string {
  const style = makeStyle(options);
  const shown = rows.map((row) => row.map((cell) => style.show(cell)));
  const widths = heads.map((head, column) =>
    Math.max(displayWidth(head), ...shown.map((row) => displayWidth(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : padDisplay(cell, widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return `${[style.paint.bold(line(heads)), ...shown.map(line)].join('\n')}\n`;
}

/** What a command said on one host. */
export interface HostOutput {
  readonly host: string;
  /** Exit code; null when it did not end by itself. */
  readonly code: number | null;
  readonly output: string;
  /** Why there is nothing: unreachable, refused, broken off. */
  readonly problem?: string;
}

/** Outputs of many hosts: equal ones once, with the hosts folded; failures last, where they are seen; then a count. */
export function renderOutputs(outputs: readonly HostOutput[], options: StyleOptions = {}): string {
  const style = makeStyle(options);
  const same = new Map<string, { readonly first: HostOutput; readonly hosts: string[] }>();
  for (const each of outputs) {
    const key = JSON.stringify([each.code, each.output, each.problem]);
    const known = same.get(key) ?? { first: each, hosts: [] };
    same.set(key, known);
    known.hosts.push(each.host);
  }
  const badness = (each: HostOutput) => (each.problem !== undefined ? 2 : each.code === 0 ? 0 : 1);
  const blocks = [...same.values()]
    .sort((a, b) => badness(a.first) - badness(b.first) || b.hosts.length - a.hosts.length)
    .map(({ first, hosts }) => {
      const { code, problem, output } = first;
      const end = code === null ? 'broke off' : `exit code ${code}`;
      const state =
        badness(first) === 0
          ? ''
          : ` ${style.glyph.dot} ${problem === undefined ? end : style.show(problem)}`;
      const count = hosts.length > 1 ? `${plural(hosts.length, 'host')} ` : '';
      const sign = badness(first) === 0 ? paintSign('=', style) : paintSign('x', style);
      const names = style.paint.bold(style.show(foldHosts(hosts)));
      const lines = output.trimEnd() === '' ? [] : output.trimEnd().split(/\r?\n/);
      const body = lines.map((line) => `    ${style.show(line.replaceAll('\t', '    '))}`.trimEnd());
      return [`${sign} ${count}${names}${style.paint.red(state)}`, ...body].join('\n');
    });
  const failed = outputs.filter((each) => badness(each) > 0).length;
  const counts = [`${outputs.length - failed} of ${plural(outputs.length, 'host')} succeeded`];
  if (failed > 0) counts.push(style.paint.red(`${failed} failed`));
  return `${[...blocks, counts.join(` ${style.glyph.dot} `)].join('\n\n')}\n`;
}
