/** What one command of facts.sh answered. */
export interface CommandRecord {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The records of an answer by name, or why it is no whole answer. */
export type Records =
  | { readonly whole: true; readonly records: ReadonlyMap<string, CommandRecord> }
  | { readonly whole: false; readonly why: string };

const NEWLINE = 10;

/**
 * Takes the answer of facts.sh apart by its byte counts. Anything that does not fit exactly makes all of it worthless: a
 * record that is missing must not look like a disk that has nothing.
 */
export function readRecords(stdout: Uint8Array): Records {
  const bytes = Buffer.from(stdout);
  const line = (from: number): string => {
    const end = bytes.indexOf(NEWLINE, from);
    return end < 0 ? '' : bytes.toString('utf8', from, end);
  };
  const cut = (where: string): Records => ({
    whole: false,
    why: `the answer is not whole: ${where} (output cut)`,
  });
  const first = line(0);
  const mark = /^slab-facts 1 ([0-9a-f-]{36})$/.exec(first)?.[1];
  if (mark === undefined) return cut('it has no first line');
  const records = new Map<string, CommandRecord>();
  let at = first.length + 1;
  for (;;) {
    const head = line(at);
    if (head === `slab-end ${mark}`) {
      return at + head.length + 1 === bytes.length
        ? { whole: true, records }
        : cut('something stands after its end mark');
    }
    const [, name, length] = /^slab-record (\S+) ([0-9]+)$/.exec(head) ?? [];
    if (name === undefined) return cut('no end mark');
    const begin = at + Buffer.byteLength(head) + 1;
    const end = begin + Number(length);
    if (bytes[end] !== NEWLINE) return cut(`the record ${name} is not as long as it says`);
    const record = readRecord(bytes.subarray(begin, end));
    if (record === undefined) return cut(`the record ${name} has no exit code`);
    if (records.has(name)) return cut(`the record ${name} is there twice`);
    records.set(name, record);
    at = end + 1;
  }
}

/** A record ends with the exit code and with how long complaint and exit code are. */
function readRecord(bytes: Buffer): CommandRecord | undefined {
  const last = bytes.lastIndexOf(NEWLINE);
  const length = /^[0-9]+$/.exec(bytes.toString('latin1', last + 1))?.[0];
  const begin = last - Number(length);
  if (last < 0 || length === undefined || begin < 0) return undefined;
  const tail = bytes.toString('utf8', begin, last);
  const [, stderr = '', code] = /^([^]*)\n([0-9]+)$/.exec(tail) ?? [];
  if (code === undefined) return undefined;
  return { code: Number(code), stdout: bytes.toString('utf8', 0, begin), stderr: stderr.trim() };
}
