import type { StoredFile } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import type { HostLink } from './host.ts';
import { type IfupdownPlace, ifupdownPath } from './ifupdown-place.ts';
import { type Around, deviceOf, ETC, ownFile, storedFile, trialFile } from './layout.ts';
import { besideIn, type NetplanPlace, netplanPath, netplanStored } from './netplan-place.ts';

/** What networkd's files of slab say of an interface under a name that its state had before. */
interface Former {
  /** The files that go, and those that take up what stood beside them. */
  readonly files: readonly StoredFile[];
  /** What others have put beside files that go. */
  readonly notes: readonly string[];
}

/**
 * Files of slab's that mean the device of a declared interface and are called after another state than this: networkd goes by the
 * first of all that fit, without a word. What nothing declares and fits no declared interface is left alone. Routes, rules and
 * what joins the interface to another stand beside such a file and would go with it: they move to the file that stays.
 */
export function formerFiles({ name }: DesiredLink, seen: HostLink | undefined, around: Around): Former {
  const { host, all } = around;
  const links = new Set(all.flatMap((each) => (each.is === 'link' ? [each.name] : [])));
  const found = [...host.files].flatMap(([path, text]) => {
    const label = OWN.exec(path)?.[1];
    return label === undefined || links.has(label) || seen === undefined || !means(text, seen)
      ? []
      : [{ path, label }];
  });
  const device = seen?.name ?? name;
  const files = found.flatMap(({ path, label }): readonly StoredFile[] => {
    const gone = { want: null, device, base: '', former: label };
    const beside = besides(path, around).filter(isSlabs);
    return [
      ...beside.flatMap((file): readonly StoredFile[] => {
        const part = file.slice(file.lastIndexOf('/') + 1);
        const to = `${ownFile(name)}.d/${part}`;
        const want = host.files.get(file) ?? null;
        const own = { device, trial: `${trialFile(name)}.d/${part}`, base: ownFile(name) };
        return [
          ...(host.files.has(to) || !stays(part, device, around)
            ? []
            : [storedFile(host, { ...own, path: to, want })]),
          storedFile(host, { ...gone, path: file, trial: `${trialFile(label)}.d/${part}` }),
        ];
      }),
      storedFile(host, { ...gone, path, trial: trialFile(label) }),
    ];
  });
  return {
    files,
    notes: found.flatMap(({ path, label }) =>
      besides(path, around)
        .filter((file) => !isSlabs(file))
        .map(
          (file) =>
            `${file} is not slab's and no longer counts, as the file of ${label} goes: move it to ${ownFile(name)}.d`,
        ),
    ),
  };
}

const OWN = new RegExp(`^${ETC}/05-slab-([^/]+)\\.network$`);

function besides(main: string, { host }: Around): readonly string[] {
  return [...host.files.keys()].filter((path) => path.startsWith(`${main}.d/`));
}

function isSlabs(path: string): boolean {
  return /\/slab-[^/]+\.conf$/.test(path);
}

/** Whether what stands beside a file is still meant: what joins to a bridge or bond is, as long as that says so or nobody does. */
function stays(part: string, device: string, around: Around): boolean {
  const id = part.replace(/^slab-(.*)\.conf$/, '$1');
  return around.all.every((each) => {
    if (each.is === 'absent') return each.name !== id;
    if (each.is !== 'link' || each.name !== id) return true;
    const { vlan, bridge, bond } = each;
    const lower = [...(vlan === undefined ? [] : [vlan.parent]), ...(bridge?.ports ?? bond?.members ?? [])];
    return lower.some((of) => deviceOf(of, around) === device);
  });
}

/** Whether networkd would take a file for an interface, by the keys that slab writes; one with others is not judged. */
function means(text: string, link: HostLink): boolean {
  const section = /^\[Match\]\n((?:(?!\[).*\n)*)/m.exec(text)?.[1] ?? '';
  const keys = [...section.matchAll(/^([A-Za-z]+)=(.*?)\s*$/gm)].map(
    ([, key = '', value = '']) => [key, value] as const,
  );
  const has: Readonly<Record<string, string>> = {
    Name: link.name,
    PermanentMACAddress: link.permanentMac || link.mac,
    MACAddress: link.mac,
    Kind: link.kind,
    Path: link.path,
  };
  return keys.length > 0 && keys.every(([key, value]) => has[key]?.toLowerCase() === value.toLowerCase());
}

/**
 * The same of ifupdown's files: the files of an interface's state of another name, and what they are followed by.
 * @returns all files that go, and what is stored for it
 */
export function formerOnIfupdown(
  { device, label, others }: Pick<IfupdownPlace, 'device' | 'label' | 'others'>,
  { host, all }: Around,
): { readonly gone: ReadonlySet<string>; readonly files: readonly StoredFile[] } {
  const links = new Set(all.flatMap((each) => (each.is === 'link' ? [each.name] : [])));
  const stanzas = [...host.ifupdown.stanzas.values()].flat();
  const files = [...new Set(others.map(({ file }) => file))].flatMap((main): readonly StoredFile[] => {
    const former = writtenFor(host.files.get(main));
    const isAlone = stanzas.every((each) => each.file !== main || each.device === device);
    if (former === undefined || ifupdownPath(former) !== main || links.has(former) || !isAlone) return [];
    const file = (path: string, want: string | null) =>
      storedFile(host, { path, want, device, trial: '', base: '' });
    const beside = [...host.files].filter(
      ([path, text]) =>
        path.startsWith(`${main}--`) && text.startsWith(HEAD) && writtenFor(text) === undefined,
    );
    return [
      ...beside.flatMap(([path, text]) => {
        const to = `${ifupdownPath(label)}${path.slice(main.length)}`;
        return [...(host.files.has(to) ? [] : [file(to, text)]), { ...file(path, null), former }];
      }),
      { ...file(main, null), former },
    ];
  });
  return { files, gone: new Set(files.flatMap(({ path, want }) => (want === null ? [path] : []))) };
}

/** What netplan's files say of an interface without those of its state of another name, and what is stored for that. */
interface FormerOnNetplan {
  readonly files: readonly StoredFile[];
  readonly parts: NetplanPlace['parts'];
}

/** What was found: many routes of one interface ask. */
const known = new WeakMap<Around, Map<NetplanPlace['parts'], FormerOnNetplan>>();

/**
 * The same of netplan's files. What netplan calls the interface stays as it is: so does all that is made of its files for it, and
 * what routes and rules say, whose files move. A file of a state of this run is left out as well: that one writes it anew.
 */
export function formerOnNetplan(place: NetplanPlace, around: Around): FormerOnNetplan {
  const { device, parts, problem } = place;
  if (problem !== undefined || !around.declared.has(device)) return { files: [], parts };
  const before = known.get(around) ?? new Map<NetplanPlace['parts'], FormerOnNetplan>();
  known.set(around, before);
  const found = before.get(parts) ?? findOnNetplan(place, around);
  before.set(parts, found);
  return found;
}

function findOnNetplan(place: NetplanPlace, { host, all }: Around): FormerOnNetplan {
  const { label, parts } = place;
  const links = new Set(all.flatMap((each) => (each.is === 'link' ? [each.name] : [])));
  const paths = [...new Set(parts.map(({ file }) => file))];
  const isAlone = (path: string) =>
    host.netplan.interfaces.every(
      (each) => each.parts === parts || each.parts.every(({ file }) => file !== path),
    );
  const mains = paths.flatMap((path) => {
    const name = writtenFor(host.files.get(path));
    const isMain = name !== undefined && name !== label && netplanPath(name) === path && isAlone(path);
    return isMain ? [{ path, name }] : [];
  });
  if (mains.length === 0) return { files: [], parts };
  const instead = new Map<string, string | undefined>(mains.map(({ path }) => [path, undefined]));
  const files = mains
    .filter(({ name }) => !links.has(name))
    .flatMap(({ path, name }): readonly StoredFile[] => {
      const gone = (each: string) => ({ ...netplanStored(place, each, null, host), former: name });
      const moved = paths.flatMap((each) => {
        const beside = besideIn(each, name);
        const text = host.files.get(each) ?? '';
        if (beside === undefined || !text.startsWith(HEAD) || !isAlone(each)) return [];
        const to = netplanPath(label, beside);
        const isNew = !host.files.has(to);
        instead.set(each, isNew ? to : undefined);
        return [...(isNew ? [netplanStored(place, to, text, host)] : []), gone(each)];
      });
      return [...moved, gone(path)];
    });
  return {
    files,
    parts: parts.flatMap((part) => {
      const file = instead.has(part.file) ? instead.get(part.file) : part.file;
      return file === undefined ? [] : [{ ...part, file }];
    }),
  };
}

const HEAD = '# Written by slab: ';

/** The card whose own file of slab's a text is. */
function writtenFor(text: string | undefined): string | undefined {
  return new RegExp(`^${HEAD}network\\.interface (\\S+) is declared`).exec(text ?? '')?.[1];
}
