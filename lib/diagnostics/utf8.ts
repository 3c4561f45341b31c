/** Where bytes begin that are no UTF-8: line and column, both from 1; undefined when there are none. */
export function findBadUtf8(
  bytes: Uint8Array,
): { readonly line: number; readonly column: number } | undefined {
  if (isUtf8(bytes)) return undefined;
  let [start, line] = [0, 1];
  for (
    let end = bytes.indexOf(10);
    end >= 0 && isUtf8(bytes.subarray(start, end));
    end = bytes.indexOf(10, start)
  ) {
    start = end + 1;
    line += 1;
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(start));
  return { line, column: text.indexOf('\ufffd') + 1 };
}

/** What to type to save a file as UTF-8. */
export function utf8Fix(bytes: Uint8Array, file: string): string {
  const [first, second] = bytes;
  // Files of other systems begin with a mark that says what they are.
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return `save it as UTF-8: iconv -f ${isUtf16 ? 'utf16' : 'latin1'} -t utf8 ${file}`;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
