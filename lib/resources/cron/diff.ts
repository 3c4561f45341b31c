import { hash } from 'node:crypto';
import type { Change, ObjectKey } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import { jobsOf, linesOf, valuesOf, variableLineOf, type CronJob } from './crontab.ts';
import type { CronDeclared, Schedule } from './parse.ts';

/** What the host says of one user's crontab; null: it did not say. */
export type CronObserved = {
  readonly hostname: string;
  readonly hasCrontab: boolean;
  readonly user: 'there' | 'missing' | 'unreadable';
  readonly lines: readonly string[];
} | null;

/** What is there of a declaration, and what shall be there instead. */
interface Edit {
  readonly seen: readonly string[];
  readonly wanted: readonly string[];
}

type Present = Extract<CronDeclared, { readonly fun: 'present' }>;

/** The object that a declaration owns: a part of a user's crontab. */
export function keyOf(declared: CronDeclared): ObjectKey {
  return 'variable' in declared
    ? `cron:${declared.user}#variable ${declared.variable}`
    : `cron:${declared.user}#job ${declared.identifier}`;
}

/** What has to be done to the crontab. */
export function editOf(declared: CronDeclared, observed: CronObserved): Edit {
  const lines = observed?.lines ?? [];
  if ('variable' in declared) {
    const values = valuesOf(lines, declared.variable);
    const seen = values.map(({ line }) => line);
    if (declared.fun === 'env_absent') return { seen, wanted: [] };
    const isSo = values.length === 1 && values[0]?.value === declared.value;
    return { seen, wanted: isSo ? seen : [variableLineOf(declared.variable, declared.value)] };
  }
  const own = ownJobs(declared, lines);
  const seen = own.flatMap((job) => job.lines);
  if (declared.fun === 'absent') return { seen, wanted: [] };
  const wanted = linesOf(wantedJob(declared, own[0], observed?.hostname ?? ''));
  return { seen, wanted: own.length === 1 && own[0] !== undefined && isSame(own[0], wanted) ? seen : wanted };
}

/** Blanks between the fields are no difference. */
function isSame(job: CronJob, wanted: readonly string[]): boolean {
  return job.identifier !== undefined && linesOf(job).join('\n') === wanted.join('\n');
}

/** As Salt finds them: by what marks them, or, where nothing does, by their command. */
function ownJobs(
  { identifier, command }: { readonly identifier: string; readonly command: string },
  lines: readonly string[],
): readonly CronJob[] {
  return jobsOf(lines).filter((job) =>
    job.identifier === undefined ? job.command === command : job.identifier === identifier,
  );
}

function wantedJob(declared: Present, seen: CronJob | undefined, hostname: string): Omit<CronJob, 'lines'> {
  const { command, identifier, comment, disabled } = declared;
  return { command, identifier, comment, disabled, schedule: scheduleOf(declared, seen, hostname) };
}

/** Fields as they were seen where anything will do, so that a time once chosen stays. */
function scheduleOf(
  { user, identifier, schedule }: Present,
  seen: CronJob | undefined,
  hostname: string,
): Schedule {
  return schedule.map((field, at) => {
    const before = seen?.schedule.length === schedule.length ? seen.schedule[at] : undefined;
    if (field !== 'random') return before?.toLowerCase() === field ? before : field;
    return before === undefined || before === '*'
      ? chosen(at, `${hostname}\n${user}\n${identifier}`)
      : before;
  });
}

/** The first and the last number that may be chosen, by field; every month has 28 days. */
const ranges = [
  [0, 59],
  [0, 23],
  [1, 28],
  [1, 12],
  [0, 6],
] as const;

/** The same number each time for one job of one host, so that a plan says what an apply does. */
function chosen(at: number, seed: string): string {
  const [first, last] = ranges[at] ?? [0, 0];
  const drawn = parseInt(hash('sha256', `${at}\n${seed}`).slice(0, 8), 16);
  return String(first + (drawn % (last - first + 1)));
}

/** What differs between a declared job or variable and a user's crontab. */
export function diffCron(declared: CronDeclared, observed: CronObserved, prospect: Prospect): Diff {
  if (observed === null || observed.user === 'unreadable')
    return nothing([`the host did not answer for the crontab of ${declared.user}`]);
  const removes = declared.fun === 'absent' || declared.fun === 'env_absent';
  const missing = missingPart(declared.user, observed, prospect);
  if (missing.problem !== undefined && !removes) return nothing([missing.problem]);
  const { seen, wanted } = editOf(declared, observed);
  if (seen.join('\n') === wanted.join('\n')) return nothing([]);
  const change: Change = {
    object: keyOf(declared),
    field: 'variable' in declared ? 'variable' : 'job',
    action: seen.length === 0 ? 'create' : wanted.length === 0 ? 'remove' : 'update',
    before: seen.length === 0 ? null : seen,
    after: wanted.length === 0 ? null : wanted,
    text: { before: textOf(seen), after: textOf(wanted), hidden: false },
    risk: 'change',
    certainty: missing.after === undefined ? 'exact' : 'provisional',
    ...(missing.after === undefined ? {} : { why: `known after ${missing.after}` }),
  };
  return { changes: [change], predicted: {} };
}

function textOf(lines: readonly string[]): string | null {
  return lines.length === 0 ? null : `${lines.join('\n')}\n`;
}

function nothing(problems: readonly string[]): Diff {
  return { changes: [], predicted: {}, ...(problems.length > 0 ? { problems } : {}) };
}

/** What has to be there first: a problem, or what an earlier change brings. */
function missingPart(
  user: string,
  observed: NonNullable<CronObserved>,
  { earlier }: Prospect,
): { readonly problem?: string; readonly after?: ObjectKey } {
  const coming = earlier.filter(({ action }) => action !== 'remove').map(({ object }) => object);
  if (!observed.hasCrontab) {
    const bringer = coming.findLast((object) => /^(pkg|cmd):/.test(object));
    if (bringer === undefined)
      return { problem: 'this host has no crontab command; Debian has it in the package cron' };
    return { after: bringer };
  }
  if (observed.user === 'there') return {};
  const bringer = coming.findLast((object) => object === `user:${user}` || /^(pkg|cmd):/.test(object));
  if (bringer === undefined) return { problem: `this host has no user ${user}` };
  return { after: bringer };
}
