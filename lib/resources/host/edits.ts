import { type HostsEntry, isLoopback, isSameAddress } from './entries.ts';
import type { HostDeclared } from './parse.ts';

/** One thing to do to /etc/hosts; addresses are spelt as the file spells them. */
export interface Edit {
  readonly verb: 'add' | 'remove' | 'comment';
  readonly address: string;
  /** The name, or the comment. */
  readonly word: string;
}

interface Edits {
  readonly edits: readonly Edit[];
  readonly problems: readonly string[];
}

/** What has to be done for what is declared; localhost never goes. */
export function editsOf(declared: HostDeclared, entries: readonly HostsEntry[]): Edits {
  const edits = allEdits(declared, entries);
  const isCut = ({ verb, address, word }: Edit): boolean =>
    verb === 'remove' && word.toLowerCase() === 'localhost' && isLoopback(address);
  return edits.some(isCut)
    ? {
        edits: [],
        problems: [
          'localhost must keep its loopback addresses in /etc/hosts: programs talk to themselves by that name',
        ],
      }
    : { edits, problems: [] };
}

function allEdits(declared: HostDeclared, entries: readonly HostsEntry[]): readonly Edit[] {
  switch (declared.fun) {
    case 'present':
      return presentEdits(declared, entries);
    case 'absent': {
      const { name, addresses } = declared;
      return having(entries, name)
        .filter(({ address }) => addresses === undefined || isListed(addresses, address))
        .map(({ address }) => ({ verb: 'remove', address, word: name }));
    }
    case 'only': {
      const { address, names } = declared;
      const own = entries.filter((entry) => isSameAddress(entry.address, address));
      const there = own.flatMap((entry) => entry.names.map((name) => ({ address: entry.address, name })));
      const gone = there.filter(({ name }) => !includesName(names, name));
      const missing = names.filter((name) => !there.some((one) => includesName([one.name], name)));
      const at = own[0]?.address ?? address;
      return [
        ...missing.map((word): Edit => ({ verb: 'add', address: at, word })),
        ...gone.map((one): Edit => ({ verb: 'remove', address: one.address, word: one.name })),
      ];
    }
  }
}

function presentEdits(
  { name, addresses, clean, comment }: Extract<HostDeclared, { readonly fun: 'present' }>,
  entries: readonly HostsEntry[],
): readonly Edit[] {
  const there = having(entries, name);
  const edits: Edit[] = [];
  for (const address of addresses) {
    const spelt = entries.find((entry) => isSameAddress(entry.address, address))?.address ?? address;
    const own = there.find((entry) => isSameAddress(entry.address, address));
    if (own === undefined) edits.push({ verb: 'add', address: spelt, word: name });
    const said = (own ?? entries.find((entry) => entry.address === spelt))?.comment;
    if (comment !== undefined && said !== comment)
      edits.push({ verb: 'comment', address: spelt, word: comment });
  }
  if (clean)
    for (const { address } of there)
      if (!isListed(addresses, address)) edits.push({ verb: 'remove', address, word: name });
  return edits;
}

function having(entries: readonly HostsEntry[], name: string): readonly HostsEntry[] {
  return entries.filter(({ names }) => includesName(names, name));
}

function includesName(names: readonly string[], name: string): boolean {
  return names.some((each) => each.toLowerCase() === name.toLowerCase());
}

function isListed(addresses: readonly string[], address: string): boolean {
  return addresses.some((each) => isSameAddress(each, address));
}
