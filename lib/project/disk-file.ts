import type { DiskAdoption, DiskApproval, DiskRecord, DiskWord } from '../model/records.ts';

/** An approval or an adoption as it is kept: with when it was used, once it was. */
export type Kept<Word extends DiskWord> = Word & {
  /** ISO 8601, UTC. */
  readonly used?: string;
};

/** The file of one disk: what is known of it, and every approval and adoption that anybody agreed to. */
export interface DiskFile {
  readonly format: 'slab.disk/1';
  readonly disk?: DiskRecord;
  readonly approvals: readonly Kept<DiskApproval>[];
  readonly adoptions?: readonly Kept<DiskAdoption>[];
}

type Shape = 'text' | 'count' | 'time' | 'fingerprint' | Readonly<Record<string, string>>;

/** Fields by name; a question mark stands behind those that may be absent. */
const RECORD: Readonly<Record<string, Shape>> = {
  ...{ serial: 'text', 'wwn?': 'text', host: 'text', role: 'text', 'n?': 'count', 'slot?': 'text' },
  ...{ sizeBytes: 'count', gen: 'count', firstSeen: 'time', 'lastReady?': 'time' },
  'retired?': { at: 'time', why: 'text' },
};
const WORD: Readonly<Record<string, Shape>> = {
  ...{ host: 'text', serial: 'text', sizeBytes: 'count', fingerprint: 'fingerprint', reason: 'text' },
  ...{ by: 'text', expires: 'time', 'used?': 'time' },
};
const ADOPTION: Readonly<Record<string, Shape>> = { ...WORD, 'owner?': 'text' };
const APPROVAL: Readonly<Record<string, Shape>> = { ...WORD, gen: 'count' };

/** Reads the text of a disk's file. @returns it, or everything that is wrong with it. */
export function parseDiskFile(text: string): { readonly file: DiskFile } | { readonly why: string } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
  const whole = fieldsOf(value);
  const approvals = whole?.['approvals'];
  const adoptions = whole?.['adoptions'] ?? [];
  if (whole?.['format'] !== 'slab.disk/1' || !Array.isArray(approvals) || !Array.isArray(adoptions))
    return { why: 'it is no file of the format slab.disk/1' };
  const problems = [
    ...Object.keys(whole).filter((key) => !['format', 'disk', 'approvals', 'adoptions'].includes(key)).map((key) => `${key} is not known`), // prettier-ignore
    ...(whole['disk'] === undefined ? [] : misshapen(whole['disk'], RECORD, 'disk')),
    ...approvals.flatMap((each, index) => misshapen(each, APPROVAL, `approvals[${index}]`)),
    ...adoptions.flatMap((each, index) => misshapen(each, ADOPTION, `adoptions[${index}]`)),
  ];
  // Every field was looked at.
  return problems.length === 0 ? { file: value as DiskFile } : { why: problems.join('; ') };
}

function misshapen(value: unknown, shapes: Readonly<Record<string, Shape>>, at: string): readonly string[] {
  const fields = fieldsOf(value);
  if (fields === undefined) return [`${at} is no object`];
  const known = new Set(Object.keys(shapes).map((name) => name.replace('?', '')));
  const wrong = Object.entries(shapes).flatMap(([name, shape]) => {
    const key = name.replace('?', '');
    const field = fields[key];
    if (field === undefined) return name.endsWith('?') ? [] : [`${at}.${key} is missing`];
    if (typeof shape === 'object')
      return misshapen(field, shape as Readonly<Record<string, Shape>>, `${at}.${key}`);
    return fits(field, shape) ? [] : [`${at}.${key} is ${JSON.stringify(field)}`];
  });
  return [...wrong, ...Object.keys(fields).filter((key) => !known.has(key)).map((key) => `${at}.${key} is not known`)]; // prettier-ignore
}

function fits(value: unknown, shape: Exclude<Shape, object>): boolean {
  switch (shape) {
    case 'count':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    case 'text':
      return typeof value === 'string';
    case 'time':
      return (
        typeof value === 'string' &&
        /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) &&
        !Number.isNaN(Date.parse(value))
      );
    case 'fingerprint':
      return typeof value === 'string' && /^sha256:[0-9a-f]{64}$/.test(value);
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}
