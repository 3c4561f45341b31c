/** A fleet on which 40 files are declared, one line of one of them by pillar. */
export function oneLineFleet(inventory: string, rollout: string): Readonly<Record<string, string>> {
  const files = Array.from(
    { length: 40 },
    (_, n) => `
/etc/load/file${n}:
  file.managed:
    - makedirs: true
    - contents: |
        file ${n}
        word {{ pillar.word if ${n} == 0 else 'same' }}
        end
`,
  );
  return {
    'states/top.sls': "base: {'*': [site]}\n",
    'states/site.sls': files.join(''),
    'inventories/fleet/inventory.yaml': inventory,
    'inventories/fleet/pillar/top.sls': "base: {'*': [all]}\n",
    'inventories/fleet/rollout.yaml': rollout,
    ...sayWord('first'),
  };
}

/** Shell text that makes a host what is declared with the first word: sooner than an apply of 40 changes would. */
export const FIRST_WORD = `mkdir -p /etc/load && umask 022 && n=0 && while [ $n -lt 40 ]; do
  word=same; [ $n != 0 ] || word=first
  printf 'file %s\\nword %s\\nend\\n' $n $word >/etc/load/file$n; n=$((n + 1))
done`;

/** The one line. */
export function sayWord(word: string): Readonly<Record<string, string>> {
  return { 'inventories/fleet/pillar/all.sls': `word: ${word}\n` };
}
