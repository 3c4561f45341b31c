import type { Action, Risk } from './change.ts';
import type { DiskView } from './disk-view.ts';
import type { Json } from './json.ts';
import type { UnreadHost } from './plan.ts';
import type { SourceRange } from './source.ts';

/** One line of a text diff. */
export interface HunkLine {
  readonly kind: 'same' | 'removed' | 'added';
  /** Without its line end; the words `masked, 31 chars` in angle quotes when `masked`. */
  readonly text: string;
  /** Line number in the old text, absent for an added line. */
  readonly before?: number;
  /** Line number in the new text, absent for a removed line. */
  readonly after?: number;
  readonly masked: boolean;
  /** UTF-16 spans [start, end) of the words that differ from the line it replaces. */
  readonly emphasis: readonly (readonly [number, number])[];
  /** True on a last line that has no line end. */
  readonly unterminated: boolean;
}

/** Neighbouring changed lines with three unchanged lines around them. */
export interface Hunk {
  /** First line in the old text; 0 when the old text is empty. */
  readonly before: number;
  readonly after: number;
  readonly lines: readonly HunkLine[];
}

/** What a change is drawn with: create, update, remove, destroys data, runs a command, restart, unknown until apply, failed. */
export type ChangeSymbol = '+' | '~' | '-' | '!' | '>' | 'r' | '?' | 'x';

/** One difference of an object, ready to be shown. */
export interface ReportChange {
  readonly object: string;
  readonly field: string;
  readonly action: Action;
  readonly risk: Risk;
  readonly certainty: 'exact' | 'provisional';
  readonly before: Json;
  readonly after: Json;
  readonly why?: string;
  readonly hunks: readonly Hunk[];
  /** Why there are no hunks although the contents differ. */
  readonly textNote?: string;
}

/** What a plan does to one object of one declaration. */
export interface ReportItem {
  /** Hash of everything shown here: equal items of two groups are the same change. */
  readonly id: string;
  readonly symbol: ChangeSymbol;
  readonly object: string;
  readonly function: string;
  readonly source: SourceRange;
  readonly risk: Risk;
  readonly changes: readonly ReportChange[];
  readonly refresh?: ReportChange;
  readonly because?: string;
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** Hosts for which the plan says the same. */
export interface PlanGroup {
  /** A, B … Z, AA …; `=` for the hosts in sync. */
  readonly label: string;
  readonly hosts: readonly string[];
  /** The host whose changes are shown. */
  readonly example: string;
  /** True when the hosts differ only in where their own name occurs. */
  readonly ownNames: boolean;
  /** True when the group holds under 2 % of the hosts read. */
  readonly odd: boolean;
  readonly inSync: boolean;
  readonly items: readonly ReportItem[];
  /** Set when everything another, earlier group does is done here too. */
  readonly like?: { readonly label: string; readonly more: readonly ReportItem[] };
}

/** One danger or problem and every host it threatens. */
export interface RiskLine {
  readonly risk: Risk | 'problem';
  readonly object: string;
  readonly action: Action;
  readonly field: string;
  readonly hosts: readonly string[];
  readonly source: SourceRange;
  /** Why, or what the problem is. */
  readonly detail?: string;
}

/** The numbers of a plan. An object that changes in two fields counts once. */
export interface PlanSummary {
  readonly targeted: number;
  readonly read: number;
  readonly unread: number;
  readonly hostsChanged: number;
  readonly hostsInSync: number;
  readonly changes: number;
  readonly byAction: Readonly<Record<Action, number>>;
  /** Changes that depend on what earlier steps do. */
  readonly unknown: number;
  readonly restarts: number;
  readonly reboots: number;
  readonly destroyed: number;
  readonly problems: number;
  readonly skipped: number;
  /** States that are as declared. */
  readonly inSync: number;
}

/** The disks of one host, each as the plan sees it. */
export interface HostDisks {
  readonly host: string;
  readonly disks: readonly DiskView[];
}

/** A plan, grouped, counted and freed of secrets: all that a reporter needs to show it. */
export interface PlanReport {
  readonly environment: string;
  readonly madeAt: string;
  readonly durationMs: number;
  readonly summary: PlanSummary;
  readonly unread: readonly UnreadHost[];
  /** Complete, most dangerous first. */
  readonly risks: readonly RiskLine[];
  /** Largest first; the hosts in sync last. */
  readonly groups: readonly PlanGroup[];
  /** Hosts of which disks are declared. */
  readonly disks: readonly HostDisks[];
}
