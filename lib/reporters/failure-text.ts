import { foldHosts } from '../diagnostics/fold.ts';
import { writeLine } from '../diagnostics/place.ts';
import type { ChunkName, Outcome } from '../model/event.ts';
import { paintSign } from './item-text.ts';
import { wrapProse } from './style.ts';
import type { Style } from './style.ts';

/** A state that failed, or of which nobody knows how it ended. */
export interface Failure {
  readonly host: string;
  readonly chunk: ChunkName;
  readonly outcome: Extract<Outcome, { status: 'failed' | 'unknown' }>;
}

/** Lines of output shown of a failure; its end says more than its beginning. */
const OUTPUT_LINES = 12;

/** One failure in one line, for logs and for the place above the live display. */
export function failureLine({ host, chunk, outcome }: Failure, style: Style): string {
  const words = [`${style.show(chunk.function)} ${style.show(chunk.name)}`, failureWords(outcome, style)];
  const last = outcome.status === 'failed' ? lastLine(outcome.output) : '';
  if (last) words.push(style.show(last));
  return `${style.show(host)} ${style.glyph.dot} ${words.join(': ')}`;
}

/** Failures in full, equal ones of many hosts once, each with the end of its output. */
export function failureRows(failures: readonly Failure[], style: Style): readonly (readonly string[])[] {
  const same = new Map<string, [Failure, ...Failure[]]>();
  for (const failure of failures) {
    const { chunk, outcome } = failure;
    const key = JSON.stringify([
      chunk.function,
      chunk.id,
      chunk.name,
      chunk.source.file,
      chunk.source.line,
      outcome.status,
      outcome.step,
      outcome.status === 'failed' ? outcome.code : outcome.cause,
    ]);
    const known = same.get(key);
    if (known) known.push(failure);
    else same.set(key, [failure]);
  }
  return [...same.values()].map((each) => oneFailure(each, style));
}

function oneFailure(same: readonly [Failure, ...Failure[]], style: Style): readonly string[] {
  const [{ host, chunk, outcome }] = same;
  const { paint, glyph } = style;
  const parts = [
    style.show(foldHosts(same.map((failure) => failure.host))),
    `${style.show(chunk.function)} ${style.show(chunk.name)}`,
    paint.cyan(style.show(writeLine(chunk.source))),
  ];
  const sign = paintSign(outcome.status === 'failed' ? 'x' : '?', style);
  const rows = [`${sign} ${parts.join(` ${glyph.dot} `)}`, `    ${failureWords(outcome, style)}`];
  if (outcome.status === 'unknown')
    return [...rows, '    It may or may not have been done: the next run looks again and tells.'];

  rows.push(...outputRows(outcome.output, style));
  const others = same.filter(
    (failure) => failure.outcome.status === 'failed' && failure.outcome.output !== outcome.output,
  );
  if (others.length > 0)
    rows.push(`    ${paint.dim(`(output of ${style.show(host)}; ${others.length} others differ)`)}`);
  return rows;
}

function failureWords(outcome: Failure['outcome'], style: Style): string {
  const step = style.show(outcome.step);
  if (outcome.status === 'unknown') return `unknown: ${step} broke off (${style.show(outcome.cause)})`;
  return outcome.code === null ? `${step} failed` : `${step} failed with exit code ${outcome.code}`;
}

/** The end of a host's output, escaped and indented. */
function outputRows(output: string, style: Style, limit = OUTPUT_LINES): readonly string[] {
  const lines = output.trimEnd().split(/\r?\n/);
  if (lines.length === 1 && lines[0] === '') return [];
  const left = lines.length - limit;
  const rows = lines
    .slice(-limit)
    .map((line) =>
      `      ${wrapProse(style.show(line.replaceAll('\t', '    ')), style.fullWidth - 6, 8)}`.trimEnd(),
    );
  return left > 0 ? [`      ${style.paint.dim(`${style.glyph.more} ${left} lines before`)}`, ...rows] : rows;
}

function lastLine(output: string): string {
  return output.trimEnd().split('\n').at(-1)?.trim() ?? '';
}
