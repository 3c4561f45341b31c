import { textArgument } from '../python/arguments.ts';
import { comparable } from '../python/equality.ts';
import { PyError } from '../python/error.ts';
import { native } from '../python/native.ts';
import type { Native } from '../python/native.ts';
import { pythonStr } from '../python/repr.ts';
import { strftime } from '../python/strftime.ts';
import type { Moment } from '../python/strftime.ts';
import { Undefined } from '../python/undefined.ts';
import { isFloat } from '../python/value.ts';
import type { Val } from '../python/value.ts';
import { parseFloatText } from './numbers.ts';

/** Salt's filters of dates: seconds since 1970, or a date as a text, in UTC. */
export const timeFilters: readonly Native[] = ['strftime', 'date_format'].map((name) =>
  native(name, 'date= format=', ([date = null, format]) =>
    strftime(momentOf(date), format === undefined ? '%Y-%m-%d' : textArgument(format)),
  ),
);

function momentOf(value: Val): Moment {
  if (value instanceof Undefined) value.fail();
  if (value === null)
    throw new PyError(
      'RuntimeError',
      'without a date this is the time of the rendering, so that no plan would ever be empty',
      { fix: 'write the date into pillar' },
    );
  const seconds = typeof value === 'string' ? secondsOf(value) : comparable(value);
  const moment = seconds === undefined ? undefined : momentAt(Number(seconds));
  if (moment !== undefined) return moment;
  throw new PyError('RuntimeError', `Unable to parse ${pythonStr(value)}`, {
    fix: 'a date is seconds since 1970 or a text such as 2026-11-28 or 2026-11-28 12:00:00; words such as "tomorrow" would give another plan every day',
  });
}

const DATE = /^(\d{4})([-/])(\d\d?)\2(\d\d?)(?:[T ](\d\d?):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?)?(?:Z| UTC)?$/;

function secondsOf(text: string): number | undefined {
  const found = DATE.exec(text.trim());
  if (found === null) {
    const number = parseFloatText(text);
    return isFloat(number) ? number.float : undefined;
  }
  const [, year, , month, day, hour = '0', minute = '0', second = '0', fraction = ''] = found;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  date.setUTCHours(Number(hour), Number(minute), Number(second));
  const isReal =
    date.getUTCMonth() === Number(month) - 1 &&
    date.getUTCDate() === Number(day) &&
    date.getUTCHours() === Number(hour) &&
    date.getUTCMinutes() === Number(minute);
  return isReal ? date.getTime() / 1000 + Number(`0.${fraction}0`) : undefined;
}

/** The first moment that Python's `fromtimestamp` takes, the second day of the year 1. */
const FIRST = -62_135_510_400;

/** Python's dates end with the year 9999. */
function momentAt(seconds: number): Moment | undefined {
  const whole = Math.floor(seconds);
  const microseconds = Math.round((seconds - whole) * 1e6);
  const carry = microseconds === 1_000_000 ? 1 : 0;
  const date = new Date((whole + carry) * 1000);
  if (!(whole >= FIRST && date.getUTCFullYear() <= 9999)) return undefined;
  return { date, microseconds: carry === 1 ? 0 : microseconds };
}
