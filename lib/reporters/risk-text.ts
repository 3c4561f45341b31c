import { foldHosts } from '../diagnostics/fold.ts';
import { writeLine } from '../diagnostics/place.ts';
import { displayWidth, padDisplay } from '../diagnostics/width.ts';
import type { RiskLine } from '../model/report.ts';
import { paintSign } from './item-text.ts';
import { objectWords, plural, spread, wrapProse } from './style.ts';
import type { Style } from './style.ts';

/** Every risk with its hosts and place: in columns where they fit, the hosts below where they do not. Never cut. */
export function riskRows(risks: readonly RiskLine[], style: Style): readonly string[] {
  if (risks.length === 0) return [];
  const counts = risks.map((line) => plural(line.hosts.length, 'host'));
  const words = risks.map((line) => riskWords(line, style));
  const folded = risks.map((line) => style.show(foldHosts(line.hosts)));
  const widest = (texts: readonly string[], most: number) =>
    Math.max(...texts.map(displayWidth).filter((width) => width <= most), 0);
  const [countWidth, wordsWidth, namesWidth] = [widest(counts, 20), widest(words, 44), widest(folded, 30)];

  const rows = risks.flatMap((line, index) => {
    const sign = line.risk === 'problem' ? 'x' : line.risk === 'destroy' ? '!' : 'r';
    const head = `  ${paintSign(sign, style)}  ${padDisplay(counts[index] ?? '', countWidth)}  `;
    const indent = ' '.repeat(displayWidth(head));
    const what = words[index] ?? '';
    const names = folded[index] ?? '';
    const place = style.paint.cyan(style.show(writeLine(line.source)));
    const strong = line.risk === 'destroy' ? style.paint.red(what) : what;
    const wide = `${head}${padDisplay(strong, wordsWidth)}  ${padDisplay(names, namesWidth)}`;
    const first =
      displayWidth(wide.trimEnd()) + 2 + displayWidth(place) <= style.width
        ? [spread(wide.trimEnd(), place, style.width)]
        : [
            spread(head + strong, place, style.width),
            `${indent}${wrapProse(names, style.width - indent.length, indent.length)}`,
          ];
    const detail =
      line.detail === undefined
        ? []
        : [indent + wrapProse(style.show(line.detail), style.width - indent.length, indent.length)];
    return [...first, ...detail].flatMap((row) => row.split('\n'));
  });
  return [style.paint.bold('Risk'), ...rows];
}

function riskWords(line: RiskLine, style: Style): string {
  const object = style.show(objectWords(line.object));
  switch (line.risk) {
    case 'destroy':
      return `destroys data on ${object}`;
    case 'problem':
      return `${object} cannot work`;
    case 'reboot':
      return line.action === 'restart' ? `reboot (${object})` : `${object} needs a reboot`;
    case 'disrupt':
    case 'read':
    case 'change':
      if (line.action !== 'restart') return `${object}: ${style.show(line.field)} disrupts`;
      return `${object} ${line.field === 'reload' ? 'reloads' : 'restarts'}`;
  }
}
