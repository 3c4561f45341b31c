import type { JsonObject } from '../../model/json.ts';
import type { FunctionSpec, ParseInput, Parsed } from '../../model/resource.ts';

/** When a job runs: five fields in the order of crontab(5), or one word such as `@daily`. */
export type Schedule = readonly string[];

/** A job or a variable of a user's crontab. */
export type CronDeclared =
  | {
      readonly fun: 'present';
      readonly user: string;
      readonly command: string;
      /** What the comment above the job says of it, so that it is found again when its command changes. */
      readonly identifier: string;
      readonly schedule: Schedule;
      readonly comment: string;
      readonly disabled: boolean;
    }
  | {
      readonly fun: 'absent';
      readonly user: string;
      readonly command: string;
      readonly identifier: string;
    }
  | {
      readonly fun: 'env_present' | 'env_absent';
      readonly user: string;
      readonly variable: string;
      readonly value: string;
    };

interface CronArguments {
  readonly user?: string;
  readonly minute?: number | string;
  readonly hour?: number | string;
  readonly daymonth?: number | string;
  readonly month?: number | string;
  readonly dayweek?: number | string;
  readonly comment?: string | null;
  readonly commented?: boolean;
  readonly identifier?: string | number | boolean | null;
  readonly special?: string | null;
  readonly value?: string | number | null;
}

const command: JsonObject = {
  type: 'string',
  pattern: '^[^\\n]*\\S[^\\n]*$',
  title: 'a command of one line',
  description: 'the command; by default the ID of the state',
};
const user: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_][A-Za-z0-9_.@-]*\\$?$',
  title: 'the name of a user',
  default: 'root',
  description: 'whose crontab',
};
const identifier: JsonObject = {
  type: ['string', 'number', 'boolean', 'null'],
  pattern: '^[^\\n]*$',
  title: 'text of one line',
  description: 'by what the job is found again when its command changes; by default the command',
};
const field = (description: string): JsonObject => ({
  type: ['string', 'number'],
  pattern: '^[A-Za-z0-9*,/~-]+$',
  title: 'a field of crontab(5), or random',
  default: '*',
  description,
});
const special: JsonObject = {
  type: ['string', 'null'],
  pattern: '^@[a-z]+$',
  title: 'a word such as "@daily"',
  description: 'instead of the five fields: @reboot, @hourly, @daily, @weekly, @monthly, @yearly',
};
const variable: JsonObject = {
  type: 'string',
  pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
  title: 'the name of a variable',
  description: 'the variable; by default the ID of the state',
};

const spec = (summary: string, properties: JsonObject, example: string): FunctionSpec => ({
  summary,
  schema: { type: 'object', additionalProperties: false, properties },
  examples: [example],
});

/** The functions of Salt's module `cron`, but for whole files. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  present: spec(
    "a job is in a user's crontab",
    {
      name: command,
      user,
      minute: field('0–59'),
      hour: field('0–23'),
      daymonth: field('1–31'),
      month: field('1–12 or jan–dec'),
      dayweek: field('0–7 or sun–sat'),
      comment: { type: ['string', 'null'], description: 'a comment above it' },
      commented: { type: 'boolean', default: false, description: 'it is there, but switched off' },
      identifier,
      special,
    },
    '/usr/local/bin/scrub --all:\n  cron.present:\n    - identifier: scrub\n    - minute: random\n    - hour: 3\n',
  ),
  absent: spec(
    "a job is not in a user's crontab",
    { name: command, user, identifier, special },
    'scrub:\n  cron.absent:\n    - identifier: scrub\n',
  ),
  env_present: spec(
    "a variable has a value in a user's crontab",
    {
      name: variable,
      user,
      value: {
        type: ['string', 'number', 'null'],
        pattern: '^[^\\n]*$',
        title: 'text of one line',
        description: 'its value; none: it is empty',
      },
    },
    'MAILTO:\n  cron.env_present:\n    - value: ops@example.net\n',
  ),
  env_absent: spec(
    "a variable is not in a user's crontab",
    { name: variable, user },
    'MAILTO:\n  cron.env_absent: []\n',
  ),
};

/** Reads a chunk of this kind. */
export function parseCron({ fun, name, ...input }: ParseInput): Parsed<CronDeclared> {
  // The schema has been checked; these are its types.
  const { user: whose = 'root', value, ...job } = input.args as CronArguments;
  if (fun === 'env_present' || fun === 'env_absent')
    return { declared: { fun, user: whose, variable: name, value: String(value ?? '').trim() } };
  const text = name.trim();
  const given = job.identifier;
  const known =
    given === undefined || given === false || given === null || given === '' ? text : String(given);
  const base = { user: whose, command: text, identifier: known.trim() };
  if (fun === 'absent') return { declared: { fun, ...base } };
  const { minute = '*', hour = '*', daymonth = '*', month = '*', dayweek = '*' } = job;
  const fields = [minute, hour, daymonth, month, dayweek].map((each) => String(each).toLowerCase());
  const schedule = typeof job.special === 'string' ? [job.special] : fields;
  const comment = (job.comment ?? '').trim().replace(/\s*\n\s*/g, ' ');
  return { declared: { fun: 'present', ...base, schedule, comment, disabled: job.commented === true } };
}
