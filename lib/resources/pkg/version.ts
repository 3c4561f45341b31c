/**
 * Compares two versions as dpkg does: epoch, then upstream version, then revision; deb-version(7).
 * @returns negative when a is older, positive when it is newer, 0 when they are the same.
 */
export function compareVersions(a: string, b: string): number {
  const one = splitVersion(a);
  const other = splitVersion(b);
  return (
    one.epoch - other.epoch ||
    compareParts(one.upstream, other.upstream) ||
    compareParts(one.revision, other.revision)
  );
}

/** A version without its epoch. */
export function withoutEpoch(version: string): string {
  return version.replace(/^\d+:/, '');
}

interface Version {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
}

function splitVersion(version: string): Version {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version) ?? [];
  const dash = rest.lastIndexOf('-');
  return dash < 0
    ? { epoch: Number(epoch), upstream: rest, revision: '' }
    : { epoch: Number(epoch), upstream: rest.slice(0, dash), revision: rest.slice(dash + 1) };
}

/** Runs of other characters and runs of digits are compared in turn. */
function compareParts(a: string, b: string): number {
  let [one, other] = [a, b];
  while (one !== '' || other !== '') {
    const words = [leading(one, /^\D*/), leading(other, /^\D*/)] as const;
    const byWord = compareWords(...words);
    if (byWord !== 0) return byWord;
    [one, other] = [one.slice(words[0].length), other.slice(words[1].length)];
    const numbers = [leading(one, /^\d*/), leading(other, /^\d*/)] as const;
    const byNumber = compareNumbers(...numbers);
    if (byNumber !== 0) return byNumber;
    [one, other] = [one.slice(numbers[0].length), other.slice(numbers[1].length)];
  }
  return 0;
}

function leading(text: string, pattern: RegExp): string {
  return pattern.exec(text)?.[0] ?? '';
}

function compareWords(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = weight(a[index]) - weight(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `~` sorts before the end, the end before letters, letters before everything else. */
function weight(character: string | undefined): number {
  if (character === '~') return -1;
  if (character === undefined) return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

/** Of any length; leading zeros mean nothing. */
function compareNumbers(a: string, b: string): number {
  const one = a.replace(/^0+/, '');
  const other = b.replace(/^0+/, '');
  if (one.length !== other.length) return one.length - other.length;
  return one < other ? -1 : one > other ? 1 : 0;
}
