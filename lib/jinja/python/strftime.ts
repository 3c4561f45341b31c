/** A point in time in UTC, to the microsecond as Python has it. */
export interface Moment {
  readonly date: Date;
  readonly microseconds: number;
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
]; // prettier-ignore

/** A number with the width to which it is filled, and with what. */
type Part = string | readonly [value: number, width: number, fill: '0' | ' '];

/**
 * Python's `datetime.strftime` with the names of the C locale, and glibc's flags: `%-d` fills with nothing, `%_d` with
 * spaces, `%^a` writes capitals. The moment has no time zone, as Salt's have none.
 */
export function strftime({ date, microseconds }: Moment, format: string): string {
  return format.replace(
    /%([-_0^#]*)(\d*)([EO]?)([a-zA-Z%])/g,
    (whole: string, flags: string, width: string, _, directive: string) => {
      if (directive === 'f') return String(microseconds).padStart(6, '0');
      const part = directive === '%' ? '%' : partOf(date, directive);
      return part === undefined ? whole : shaped(part, flags, Number(width));
    },
  );
}

function shaped(part: Part, flags: string, width: number): string {
  if (typeof part === 'string') {
    const text = flags.includes('^') || flags.includes('#') ? part.toUpperCase() : part;
    return text.padStart(width, flags.includes('0') ? '0' : ' ');
  }
  const [value, usual, fill] = part;
  const last = /[-_0](?=[^-_0]*$)/.exec(flags)?.[0];
  if (last === '-') return String(value);
  return String(value).padStart(width > 0 ? width : usual, last === '_' ? ' ' : last === '0' ? '0' : fill);
}

function partOf(date: Date, directive: string): Part | undefined {
  const year = date.getUTCFullYear();
  const [day, hour] = [date.getUTCDay(), date.getUTCHours()];
  const yearDay = Math.floor((Date.UTC(2000, date.getUTCMonth(), date.getUTCDate()) - Date.UTC(2000, 0, 1)) / 86_400_000) - (date.getUTCMonth() > 1 && !isLeap(year) ? 1 : 0); // prettier-ignore
  const twelve = hour % 12 === 0 ? 12 : hour % 12;
  const iso = isoWeek(date);
  const both = (format: string): string => strftime({ date, microseconds: 0 }, format);
  switch (directive) {
    case 'a': return (DAYS[day] ?? '').slice(0, 3);
    case 'A': return DAYS[day] ?? '';
    case 'b': case 'h': return (MONTHS[date.getUTCMonth()] ?? '').slice(0, 3);
    case 'B': return MONTHS[date.getUTCMonth()] ?? '';
    case 'c': return both('%a %b %e %H:%M:%S %Y');
    case 'C': return [Math.floor(year / 100), 2, '0'];
    case 'd': return [date.getUTCDate(), 2, '0'];
    case 'D': case 'x': return both('%m/%d/%y');
    case 'e': return [date.getUTCDate(), 2, ' '];
    case 'F': return both('%Y-%m-%d');
    case 'g': return [iso.year % 100, 2, '0'];
    case 'G': return [iso.year, 1, '0'];
    case 'H': return [hour, 2, '0'];
    case 'I': return [twelve, 2, '0'];
    case 'j': return [yearDay + 1, 3, '0'];
    case 'k': return [hour, 2, ' '];
    case 'l': return [twelve, 2, ' '];
    case 'm': return [date.getUTCMonth() + 1, 2, '0'];
    case 'M': return [date.getUTCMinutes(), 2, '0'];
    case 'n': return '\n';
    case 'p': return hour < 12 ? 'AM' : 'PM';
    case 'P': return hour < 12 ? 'am' : 'pm';
    case 'r': return both('%I:%M:%S %p');
    case 'R': return both('%H:%M');
    case 's': return [Math.floor(date.getTime() / 1000), 1, '0'];
    case 'S': return [date.getUTCSeconds(), 2, '0'];
    case 't': return '\t';
    case 'T': case 'X': return both('%H:%M:%S');
    case 'u': return [day === 0 ? 7 : day, 1, '0'];
    case 'U': return [Math.floor((yearDay + 7 - day) / 7), 2, '0'];
    case 'V': return [iso.week, 2, '0'];
    case 'w': return [day, 1, '0'];
    case 'W': return [Math.floor((yearDay + 7 - ((day + 6) % 7)) / 7), 2, '0'];
    case 'y': return [year % 100, 2, '0'];
    case 'Y': return [year, 1, '0'];
    case 'z': case 'Z': return '';
    default: return undefined;
  }
} // prettier-ignore

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}

/** The week of ISO 8601: that of the Thursday next to the day. */
function isoWeek(date: Date): { readonly year: number; readonly week: number } {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() === 0 ? 7 : date.getUTCDay()));
  const start = new Date(0);
  start.setUTCFullYear(thursday.getUTCFullYear(), 0, 1);
  start.setUTCHours(0, 0, 0, 0);
  const days = Math.floor((thursday.getTime() - start.getTime()) / 86_400_000);
  return { year: thursday.getUTCFullYear(), week: Math.floor(days / 7) + 1 };
}
