import { writePlace } from '../diagnostics/place.ts';
import type { Explanation, Passage, PillarExplanation, StateExplanation } from '../model/explanation.ts';
import type { Json } from '../model/json.ts';
import { makeStyle, type Style, type StyleOptions } from './style.ts';

/** A value longer than this is cut where it is not the answer itself. */
const SHORT = 60;

const EFFECTS = { sets: 'sets it', replaces: 'replaces it', merges: 'adds to it', removes: 'takes it away' };

/** Explanations for people: the answer first, then every place that had a part in it, in order. */
export function renderExplanations(found: readonly Explanation[], options: StyleOptions = {}): string {
  const style = makeStyle(options);
  return found
    .map((each) => (each.of === 'pillar' ? pillarText(each, style) : stateText(each, style)))
    .join('\n');
}

function pillarText({ host, key, value, writes }: PillarExplanation, style: Style): string {
  const head = `${style.paint.bold(style.show(key))} of ${style.show(host)} is${longValue(value, style)}`;
  const steps = writes.flatMap((write) => {
    const what = write.effect === 'removes' ? 'no such key in ' : '';
    return [
      passage(
        {
          source: write.source,
          words: `${write.sls} ${EFFECTS[write.effect]}: ${what}${shortValue(write.value)}`,
        },
        style,
      ),
      ...write.through.map((step) => passage(step, style, 6)),
    ];
  });
  return `${[head, '', ...steps].join('\n')}\n`;
}

function stateText(state: StateExplanation, style: Style): string {
  const { show, paint } = style;
  const name = state.name === state.id ? '' : ` (ID ${show(state.id)})`;
  const parts: readonly (readonly [string, readonly Passage[]])[] = [
    ['comes from', state.through],
    ['touched by', state.touched],
    [
      'arguments',
      state.arguments.map((each) => ({ ...each, words: `${each.name}: ${shortValue(each.value)}` })),
    ],
    ['waits for', state.waitsFor],
    ['waited for by', state.waitedForBy],
  ];
  return [
    `${paint.bold(`${show(state.state)} ${show(state.name)}`)}${name} on ${show(state.host)}: order ${state.order}, runs as ${state.position} of ${state.count}`,
    ...parts
      .filter(([, passages]) => passages.length > 0)
      .flatMap(([title, passages]) => ['', `  ${title}`, ...passages.map((each) => passage(each, style, 4))]),
    '',
  ].join('\n');
}

function passage({ source, words }: Passage, style: Style, indent = 2): string {
  const { show, paint } = style;
  const via = (source.via ?? []).map((place) => `, used by ${show(writePlace(place))}`).join('');
  return `${' '.repeat(indent)}${paint.cyan(show(writePlace(source)))}${via}  ${show(words)}`;
}

/** A value with all there is: one line for a scalar, one for each entry otherwise. */
function longValue(value: Json, style: Style): string {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return ` ${style.show(JSON.stringify(value))}`;
  const lines = JSON.stringify(value, undefined, 2).split('\n');
  return `\n${lines.map((line) => `    ${style.show(line)}`).join('\n')}`;
}

function shortValue(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > SHORT ? `${text.slice(0, SHORT)}…` : text;
}
