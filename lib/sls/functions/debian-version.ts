/** How two Debian versions compare, as dpkg has it: by epoch, upstream version and revision. */
export function compareDebianVersions(a: string, b: string): -1 | 0 | 1 {
  const [one, other] = [split(a), split(b)];
  return (
    sign(one.epoch - other.epoch) ||
    compareParts(one.upstream, other.upstream) ||
    compareParts(one.revision, other.revision)
  );
}

function split(version: string): {
  readonly epoch: number;
  readonly upstream: string;
  readonly revision: string;
} {
  const [, epoch = '0', rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(version.trim()) ?? [];
  const dash = rest.lastIndexOf('-');
  return {
    epoch: Number(epoch),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Parts without digits and numbers take turns: the first by characters, the second by value. */
function compareParts(a: string, b: string): -1 | 0 | 1 {
  let [left, right] = [a, b];
  while (left !== '' || right !== '') {
    const [words, others] = [/^\D*/.exec(left)?.[0] ?? '', /^\D*/.exec(right)?.[0] ?? ''];
    const byWord = compareWords(words, others);
    if (byWord !== 0) return byWord;
    [left, right] = [left.slice(words.length), right.slice(others.length)];
    const [number, second] = [/^\d*/.exec(left)?.[0] ?? '', /^\d*/.exec(right)?.[0] ?? ''];
    const byNumber = sign(Number(BigInt(number || '0') - BigInt(second || '0')));
    if (byNumber !== 0) return byNumber;
    [left, right] = [left.slice(number.length), right.slice(second.length)];
  }
  return 0;
}

/** `~` sorts before the end, the end before letters, letters before everything else. */
function compareWords(a: string, b: string): -1 | 0 | 1 {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = sign(rank(a.charAt(index)) - rank(b.charAt(index)));
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(character: string): number {
  if (character === '~') return -1;
  if (character === '') return 0;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}

function sign(value: number): -1 | 0 | 1 {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}
