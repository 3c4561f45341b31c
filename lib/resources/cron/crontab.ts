/** A job of a crontab as its lines say it. */
export interface CronJob {
  /** All its lines: the comment that marks it, where there is one, and the job itself. */
  readonly lines: readonly string[];
  /** What the comment above it says of it; undefined: nothing marks it. */
  readonly identifier: string | undefined;
  readonly comment: string;
  /** Five fields, or one word such as `@daily`; empty where only the mark is there. */
  readonly schedule: readonly string[];
  readonly command: string;
  readonly disabled: boolean;
}

/** How Salt marks a job, and so slab: a host that Salt has set up keeps its jobs. */
export const markWord = 'SALT_CRON_IDENTIFIER:';

const jobLine = /^(#DISABLED#)?[ \t]*[@0-9*]|^#DISABLED#[^ \t]/;
const markLine = new RegExp(`^#(.*)[ \\t]${markWord}(.*)$`);
const variableLine = /^[ \t]*([A-Za-z_][A-Za-z0-9_]*)[ \t]*=(.*)$/;

/** The jobs of a crontab, in order. */
export function jobsOf(lines: readonly string[]): readonly CronJob[] {
  const jobs: CronJob[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const mark = jobLine.test(line) ? null : markLine.exec(line);
    if (mark === null) {
      if (jobLine.test(line))
        jobs.push({ ...readJob(line), lines: [line], identifier: undefined, comment: '' });
      continue;
    }
    const next = lines[at + 1];
    const job = next !== undefined && jobLine.test(next) ? next : undefined;
    if (job !== undefined) at += 1;
    jobs.push({
      ...(job === undefined ? { schedule: [], command: '', disabled: false } : readJob(job)),
      lines: job === undefined ? [line] : [line, job],
      identifier: mark[2] ?? '',
      comment: (mark[1] ?? '').trim(),
    });
  }
  return jobs;
}

function readJob(line: string): Pick<CronJob, 'schedule' | 'command' | 'disabled'> {
  const disabled = line.startsWith('#DISABLED#');
  const text = (disabled ? line.slice('#DISABLED#'.length) : line).replace(/^[ \t]+/, '');
  const size = text.startsWith('@') ? 1 : 5;
  const [, fields = '', command = ''] = new RegExp(`^((?:[^ \\t]+[ \\t]+){${size}})(.*)$`).exec(text) ?? [];
  return { disabled, schedule: fields.trim().split(/[ \t]+/), command };
}

/** The value of a variable, by each line that sets it, as cron takes it: without quotes around. */
export function valuesOf(lines: readonly string[], name: string): readonly { line: string; value: string }[] {
  return lines.flatMap((line) => {
    const [, variable, value = ''] = variableLine.exec(line) ?? [];
    return variable === name ? [{ line, value: unquoted(value.trim()) }] : [];
  });
}

function unquoted(value: string): string {
  const [first = ''] = value;
  return value.length > 1 && /["']/.test(first) && value.endsWith(first) ? value.slice(1, -1) : value;
}

/** The lines of a job as they are written. */
export function linesOf(job: Omit<CronJob, 'lines'>): readonly string[] {
  const mark = `#${job.comment === '' ? '' : ` ${job.comment}`} ${markWord}${job.identifier ?? ''}`;
  return [mark, `${job.disabled ? '#DISABLED#' : ''}${job.schedule.join(' ')} ${job.command}`];
}

/** The line of a variable as it is written; quotes keep nothing, and blanks. */
export function variableLineOf(name: string, value: string): string {
  return `${name}=${value === '' ? '""' : value}`;
}
