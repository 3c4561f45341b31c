import { foldHosts } from '../diagnostics/fold.ts';
import { writeLine } from '../diagnostics/place.ts';
import type { Outcome } from '../model/event.ts';
import { endingWords, type HostState, type RecordedHost, type RunRecord } from './run-record.ts';
import { duration, makeStyle, plural, type Style, type StyleOptions } from './style.ts';
import { renderTable } from './table.ts';

/** Runs as rows, the last first. */
export function renderHistory(
  runs: readonly { readonly record: RunRecord; readonly alive: boolean }[],
  options: StyleOptions = {},
): string {
  if (runs.length === 0) return 'no runs on record in this checkout\n';
  const rows = runs.map(({ record, alive }) => [
    record.run,
    time(record.startedAt),
    record.by ?? '?',
    `${record.command}${record.environment === '' ? '' : ` ${record.environment}`}`,
    revision(record),
    `${endingWords(record, alive)}${record.hosts.length === 0 ? '' : `, ${countWords(record)}`}`,
  ]);
  return renderTable(['RUN', 'BEGAN', 'BY', 'COMMAND', 'REVISION', 'RESULT'], rows, options);
}

const STATES: readonly HostState[] = ['failed', 'unknown', 'untouched', 'done'];

/** One run: hosts by how they stand, worst first, and what ran on those that are not done. */
export function renderRun(
  record: RunRecord,
  { alive, only, ...options }: StyleOptions & { readonly alive: boolean; readonly only?: string },
): string {
  const style = makeStyle(options);
  const { paint, show, glyph } = style;
  const resumes = record.resumes === null ? '' : ` ${glyph.dot} goes on with ${record.resumes}`;
  const head = [
    paint.bold(
      show(
        `run ${record.run} ${glyph.dot} ${record.command} ${record.environment} ${glyph.dot} ${endingWords(record, alive)}${resumes}`,
      ),
    ),
    show(
      `began ${time(record.startedAt)} by ${record.by ?? '?'} ${glyph.dot} ${revision(record)}${tookWords(record)}`,
    ),
    ...record.said.slice(0, 12).map((line) => `  ${show(line)}`),
    ...(record.said.length > 12 ? [`  ${glyph.more} and ${record.said.length - 12} others`] : []),
  ];
  const chosen = record.hosts.filter(({ host }) => only === undefined || host === only);
  const blocks = STATES.flatMap((state) => {
    const hosts = chosen.filter((each) => each.state === state);
    return hosts.length === 0 ? [] : [stateRows(state, hosts, style, only !== undefined).join('\n')];
  });
  return `${[head.join('\n'), ...blocks, countWords(record)].join('\n\n')}\n`;
}

function stateRows(
  state: HostState,
  hosts: readonly RecordedHost[],
  style: Style,
  all: boolean,
): readonly string[] {
  const { paint, show } = style;
  const same = new Map<string, RecordedHost[]>();
  for (const each of hosts) same.set(each.why, [...(same.get(each.why) ?? []), each]);
  const steps =
    state === 'done' && !all ? [] : hosts.filter((each) => each.steps.length > 0).slice(0, all ? 1 : 8);
  return [
    paint.bold(`${state} (${plural(hosts.length, 'host')})`),
    ...[...same].map(
      ([why, each]) => `  ${show(foldHosts(each.map(({ host }) => host)))}  ${paint.dim(show(why))}`,
    ),
    ...steps.flatMap(({ host, steps: ran }) => [
      `  ${show(host)}`,
      ...ran.map(({ chunk, outcome, durationMs }) => {
        const took = durationMs === undefined ? '' : `  ${duration(durationMs)}`;
        return `    ${outcomeWord(outcome).padEnd(9)} ${show(`${chunk.function} ${chunk.name}`)}  ${paint.cyan(show(writeLine(chunk.source)))}${took}${show(whyWords(outcome))}`;
      }),
    ]),
  ];
}

function outcomeWord(outcome: Outcome | undefined): string {
  return outcome === undefined ? 'begun' : outcome.status;
}

function whyWords(outcome: Outcome | undefined): string {
  switch (outcome?.status) {
    case 'failed':
      return `  ${outcome.output.trimEnd().split('\n').at(-1) ?? ''}`;
    case 'skipped':
      return `  ${outcome.because}`;
    case 'unknown':
      return `  ${outcome.cause}`;
    default:
      return '';
  }
}

function countWords({ hosts }: RunRecord): string {
  const count = (state: HostState): number => hosts.filter((each) => each.state === state).length;
  const parts = STATES.filter((state) => state !== 'done' && count(state) > 0).map(
    (state) => `${count(state)} ${state}`,
  );
  return [`${count('done')} of ${plural(hosts.length, 'host')} done`, ...parts].join(', ');
}

function revision({ commit, dirty }: RunRecord): string {
  return commit === null ? 'no commit' : `${commit.slice(0, 9)}${dirty ? '+' : ''}`;
}

function time(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')}Z`;
}

function tookWords({ startedAt, endedAt }: RunRecord): string {
  return endedAt === null ? '' : `, took ${duration(Date.parse(endedAt) - Date.parse(startedAt))}`;
}
