/** Undoes a fold without a limit, by a rule of its own: `web[01-03,5]` becomes web01 web02 web03 web5. */
export function expandHosts(folded: string): readonly string[] {
  return folded
    .split(' ')
    .filter(Boolean)
    .flatMap((word) => {
      const match = /^(.*)\[(.*)\](.*)$/.exec(word);
      if (!match) return [word];
      const [, head = '', inside = '', tail = ''] = match;
      return inside.split(',').flatMap((range) => {
        const [first = '', last = first] = range.split('-');
        const width = first.startsWith('0') ? first.length : 0;
        const names: string[] = [];
        for (let n = Number(first); n <= Number(last); n++)
          names.push(head + String(n).padStart(width, '0') + tail);
        return names;
      });
    });
}
