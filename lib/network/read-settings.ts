import { ETHTOOL_PARTS, type EthtoolPart, type HostCard, readCardPart, ruleFileOf } from './ethtool.ts';
import { type HostResolver, RESOLVED_FILE } from './resolver.ts';
import type { Section } from './sections.ts';

/** Reads whom a host asks for names; undefined when that was not asked. */
export function readResolver(sections: readonly Section[]): HostResolver | undefined {
  const find = (name: string) => sections.find(({ words }) => words[0] === name);
  const found = find('resolver');
  if (found === undefined) return undefined;
  return {
    is: found.words[1] ?? 'none',
    noResolvconf: found.words[2] === 'no-resolvconf',
    text: textOf(found.lines),
    resolved: find('resolved')?.words[1] ?? 'missing',
    servers: globalOf(find('resolveddns')),
    search: globalOf(find('resolveddomain')),
    stored: fileText(sections, RESOLVED_FILE),
    client: find('client')?.lines[0] ?? '',
  };
}

/** Reads the settings of one card; undefined when the host has no ethtool. */
export function readCard(sections: readonly Section[], device: string): HostCard | undefined {
  const own = sections.filter(({ words: [name, of] }) => name === 'card' && of === device);
  if (own.length === 0 || own.some(({ words }) => words[3] === '127')) return undefined;
  const lines = (letter: string) =>
    own.find(({ words }) => `-${words[2] ?? ''}` === letter && words[3] === '0')?.lines;
  const parts = Object.entries(ETHTOOL_PARTS) as [EthtoolPart, (typeof ETHTOOL_PARTS)[EthtoolPart]][];
  return {
    driver: /^driver: (.*)$/m.exec(textOf(lines('-i') ?? []))?.[1] ?? 'unknown',
    parts: new Map(
      parts.flatMap(([part, { shows }]) => {
        const said = lines(shows);
        return said === undefined ? [] : [[part, readCardPart(part, said)] as const];
      }),
    ),
    stored: fileText(sections, ruleFileOf(device)),
  };
}

/** What resolvectl says of no interface in particular. */
function globalOf(section: Section | undefined): readonly string[] | undefined {
  if (section?.words[1] !== '0') return undefined;
  const line = section.lines.find((each) => each.startsWith('Global:')) ?? 'Global:';
  return line.slice('Global:'.length).split(' ').filter(Boolean);
}

function fileText(sections: readonly Section[], path: string): string | null {
  const found = sections.find(({ words: [name, of] }) => name === 'file' && of === path);
  return found === undefined ? null : textOf(found.lines);
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
