import type { Diagnostic } from './diagnostic.ts';
import { escapeControl } from './escape.ts';
import { excerptOf } from './excerpt.ts';
import { foldHosts } from './fold.ts';
import { plainPaint } from './paint.ts';
import type { Paint } from './paint.ts';
import { comparePlaces, writePlace } from './place.ts';
import type { SourceRange } from '../model/source.ts';

/** How diagnostics are shown. */
export interface RenderOptions {
  /** The text of a file as it was read; undefined leaves the excerpt out. */
  readonly sources: (file: string) => string | undefined;
  readonly paint?: Paint;
  /** How many are shown in full, before the rest has a line each; 20 when absent. */
  readonly limit?: number;
}

/** One thing to mend and everywhere it was found. */
interface Finding {
  readonly diagnostic: Diagnostic;
  readonly places: Place[];
  readonly hosts: Set<string>;
}

/** A place where something was found, and where else the way to it began: two SLS that import one template. */
interface Place {
  readonly source: SourceRange;
  readonly others: SourceRange[];
}

/** How many further places of the same finding are listed, and how many ways to one. */
const MORE_PLACES = 5;

/** How many have a line each after those in full; what is beyond that is counted, or no screen would hold it. */
const MOST_LINES = 200;

/**
 * Writes diagnostics for people: errors first, by file and line; equal ones once, with all their places and hosts; those
 * after the first twenty in a line each; the last line counts. Empty when there is none. Ends with a newline.
 */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: RenderOptions): string {
  if (diagnostics.length === 0) return '';
  const paint = options.paint ?? plainPaint;
  const findings = mergeEqual(diagnostics);
  const limit = options.limit ?? 20;
  const blocks = findings.slice(0, limit).map((finding) => renderFinding(finding, options.sources, paint));
  const lines = findings.slice(limit, limit + MOST_LINES).map((finding) => lineOf(finding, paint));
  const rest = findings.slice(limit + MOST_LINES);
  const summary = countWords(findings);
  const last =
    rest.length > 0 ? `${summary}; ${rest.length} not shown (--json has them): ${countWords(rest)}` : summary;
  return `${[...blocks, ...(lines.length > 0 ? [lines.join('\n')] : []), paint.bold(last)].join('\n\n')}\n`;
}

/** What and where: `error[SLAB2102]: … --> states/web.sls:3:5`. */
function lineOf({ diagnostic, places }: Finding, paint: Paint): string {
  const { severity, code, summary } = diagnostic;
  const head = `${(severity === 'error' ? paint.red : paint.yellow)(`${severity}[${code}]`)}: ${inLine(summary)}`;
  const [first, ...others] = places;
  if (first === undefined) return head;
  const more =
    others.length > 0 ? ` and ${others.length} more ${others.length > 1 ? 'places' : 'place'}` : '';
  return `${head} --> ${paint.cyan(inLine(writePlace(first.source)))}${more}`;
}

function mergeEqual(diagnostics: readonly Diagnostic[]): readonly Finding[] {
  const found = new Map<string, Finding>();
  const order = [...diagnostics].sort(
    (a, b) =>
      Number(a.severity === 'warning') - Number(b.severity === 'warning') ||
      comparePlaces(a.source, b.source) ||
      (a.code < b.code ? -1 : Number(a.code > b.code)),
  );
  for (const diagnostic of order) {
    const { severity, code, summary, why, fix, related } = diagnostic;
    const key = JSON.stringify([severity, code, summary, why, fix, related]);
    const finding = found.get(key) ?? { diagnostic, places: [], hosts: new Set() };
    found.set(key, finding);
    if (diagnostic.source) notePlace(finding.places, diagnostic.source);
    for (const host of diagnostic.hosts ?? []) finding.hosts.add(host);
  }
  return [...found.values()];
}

function notePlace(places: Place[], source: SourceRange): void {
  const known = places.find((place) => comparePlaces(place.source, source) === 0);
  if (known === undefined) {
    places.push({ source, others: [] });
    return;
  }
  const told = [...(known.source.via ?? []), ...known.others];
  const other = source.via?.find((step) => told.every((each) => comparePlaces(each, step) !== 0));
  if (other !== undefined) known.others.push(other);
}

function renderFinding(finding: Finding, sources: RenderOptions['sources'], paint: Paint): string {
  const { severity, code, summary, why, fix, related } = finding.diagnostic;
  const colour = severity === 'error' ? paint.red : paint.yellow;
  const lines = [`${colour(`${severity}[${code}]`)}: ${paint.bold(inLine(summary))}`];
  const [first, ...others] = finding.places;
  // A near name belongs beside what was mistyped.
  const near = fix?.startsWith('did you mean ') ? inLine(fix) : undefined;
  let nearShown = false;
  if (first) {
    const { source } = first;
    lines.push(`  --> ${paint.cyan(inLine(writePlace(source)))}${viaWords(source)}`);
    const text = sources(source.file);
    const rows = text === undefined ? [] : excerptOf(text, source, paint, near);
    nearShown = rows.length > 0;
    lines.push(...rows);
    if (first.others.length > 0) lines.push(`  also used by ${placeWords(first.others)}`);
  }
  for (const { source } of others.slice(0, MORE_PLACES))
    lines.push(`  and ${paint.cyan(inLine(writePlace(source)))}`);
  if (others.length > MORE_PLACES) lines.push(`  and ${others.length - MORE_PLACES} more places`);
  lines.push(...relatedLines(related ?? [], paint));
  if (why) lines.push(...labelled('why', why));
  if (fix && !(near && nearShown)) lines.push(...labelled('fix', fix));
  if (finding.hosts.size > 0)
    lines.push(`  on ${plural(finding.hosts.size, 'host')}: ${inLine(foldHosts([...finding.hosts]))}`);
  return lines.join('\n');
}

function relatedLines(related: NonNullable<Diagnostic['related']>, paint: Paint): readonly string[] {
  const places = related.map((entry) => inLine(writePlace(entry.source)));
  const width = Math.max(0, ...places.map((place) => place.length));
  return related.map((entry, i) => {
    const place = places[i] ?? '';
    return `  --> ${paint.cyan(place)}${' '.repeat(width - place.length + 2)}${inLine(entry.message)}`;
  });
}

function labelled(label: string, text: string): readonly string[] {
  const [first = '', ...rest] = escapeControl(text, { newline: true }).trimEnd().split('\n');
  return [`  ${label}: ${first}`, ...rest.map((line) => `       ${line}`)];
}

function viaWords(source: SourceRange): string {
  const places = (source.via ?? []).map((place) => inLine(writePlace(place)));
  // What calls itself is not told a hundred times.
  const all = places.filter((place, i) => place !== places[i - 1]);
  const rest = all.length > MORE_PLACES ? ` and ${all.length - MORE_PLACES} more` : '';
  return (
    all
      .slice(0, MORE_PLACES)
      .map((place) => `, used by ${place}`)
      .join('') + rest
  );
}

function placeWords(places: readonly SourceRange[]): string {
  const shown = places.slice(0, MORE_PLACES).map((place) => inLine(writePlace(place)));
  const rest = places.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function countWords(findings: readonly Finding[]): string {
  const errors = findings.filter((finding) => finding.diagnostic.severity === 'error').length;
  const warnings = findings.length - errors;
  const words = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''];
  return words.filter(Boolean).join(', ');
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function inLine(text: string): string {
  return escapeControl(text);
}
