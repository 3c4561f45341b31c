/** Python's `repr` of a float: `1.0`, `1e+16`, `nan`. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e16 || size < 1e-4)) return exponentText(value.toExponential());
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** Python writes at least two digits of an exponent. */
function exponentText(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** A float with so many decimals; exact halves go to the even neighbour, as in Python and C. */
export function fixedText(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return floatText(value);
  if (Math.abs(value) >= 1e21) {
    const whole = BigInt(value).toString();
    return decimals > 0 ? `${whole}.${'0'.repeat(decimals)}` : whole;
  }
  const digits = Math.min(decimals, 100);
  let text = Math.abs(value).toFixed(digits);
  // toFixed is exact but sends ties up; a tie is an odd last digit that is exactly half a unit above the value.
  if (/[13579]$/.test(text) && isTie(Math.abs(value), digits)) text = lower(text);
  const padded = decimals > 100 ? text + '0'.repeat(decimals - 100) : text;
  return value < 0 || Object.is(value, -0) ? `-${padded}` : padded;
}

/** A float as C's `%e` writes it, with so many decimals; exact halves go to the even neighbour. */
export function scientificText(value: number, decimals: number): string {
  const digits = Math.min(decimals, 100);
  const [mantissa = '', power = ''] = Math.abs(value).toExponential(digits).split('e');
  const up = /[13579]$/.test(mantissa) && isTie(Math.abs(value), digits - Number(power));
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  return exponentText(`${sign}${up ? lower(mantissa) : mantissa}${'0'.repeat(decimals - digits)}e${power}`);
}

function isTie(value: number, digits: number): boolean {
  // value = mantissa / 2^shift exactly; a tie needs value * 10^digits * 2 to be an odd integer.
  let mantissa = value;
  let shift = 0;
  while (!Number.isInteger(mantissa) && shift < 1100) {
    mantissa *= 2;
    shift++;
  }
  const doubled = BigInt(mantissa) * 10n ** BigInt(Math.max(0, digits)) * 2n;
  const unit = (1n << BigInt(shift)) * 10n ** BigInt(Math.max(0, -digits));
  return doubled % unit === 0n && (doubled / unit) % 2n === 1n;
}

function lower(text: string): string {
  const last = Number(text.at(-1));
  return text.slice(0, -1) + String(last - 1);
}

/** Python's `round(value, decimals)` for floats. */
export function roundFloat(value: number, decimals: number): number {
  if (!Number.isFinite(value) || decimals > 100) return value;
  if (decimals >= 0) return Number(fixedText(value, decimals));
  const unit = 10 ** -decimals;
  return roundFloat(value / unit, 0) * unit;
}
