import { nearNames } from '../../diagnostics/near.ts';
import type { SectionResult } from '../../model/script.ts';
import { dotted, normalValue, pathOf } from './names.ts';
import type { SysctlDeclared } from './parse.ts';
import { assignmentsOf, filesAtBoot, type StoredFiles } from './stored.ts';

/** What the host says of one setting; null: it did not say. */
export type SysctlObserved = {
  /** `fixed`: there, but nothing can write to it. */
  readonly there: 'yes' | 'no' | 'fixed';
  readonly running: string;
  /** What the next boot sets, and the file that says so; null: nothing does. */
  readonly atBoot: { readonly file: string; readonly value: string } | null;
  /** What the declared file says; null: nothing. */
  readonly inFile: string | null;
  /** Files that are read after the declared one and say something else. */
  readonly later: readonly { readonly file: string; readonly value: string }[];
  /** Whether anything reads the declared file at boot. */
  readonly isRead: boolean;
  /** rp_filter of every interface, where it is asked for. */
  readonly reversePath: { readonly [network: string]: string };
  readonly near: readonly string[];
} | null;

/** Reads the answer of probe.sh. */
export function observeSysctl(
  result: SectionResult,
  declared: readonly SysctlDeclared[],
): readonly SysctlObserved[] {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const marked = (mark: string) => lines.filter(([first]) => first === mark);
  const manager = marked('manager')[0]?.[1];
  if (result.code !== 0 || manager === undefined) return declared.map(() => null);
  const stored: StoredFiles = {
    manager,
    files: marked('file').map(([, path = '']) => path),
    lines: marked('line').map(([, file = '', ...text]) => ({ file, text: text.join('\t') })),
  };
  const reversePath = Object.fromEntries(marked('rp').map(([, name = '', value = '']) => [name, value]));
  const names = marked('near').map(([, path = '']) => dotted(path));
  const keys = new Map(marked('key').map(([, path = '', there, value = '']) => [path, { there, value }]));
  return declared.map((each) => {
    const key = keys.get(pathOf(each.name));
    if (key?.there !== 'yes' && key?.there !== 'no' && key?.there !== 'fixed') return null;
    return {
      there: key.there,
      running: normalValue(key.value),
      ...storedOf(each, stored),
      reversePath,
      near: key.there === 'no' ? nearNames(each.name, names) : [],
    };
  });
}

function storedOf({ name, value, file }: SysctlDeclared, stored: StoredFiles) {
  const order = filesAtBoot(stored);
  const all = assignmentsOf(stored, pathOf(name)).map((one) => ({ ...one, value: normalValue(one.value) }));
  const last = all.findLast((one) => order.includes(one.file));
  const alias = '/etc/sysctl.d/99-sysctl.conf';
  const isAlias = file === '/etc/sysctl.conf' && order.includes(alias);
  const rank = (path: string): number => bootRank(path, order);
  const later = all.filter(
    (one) => order.includes(one.file) && rank(one.file) > rank(isAlias ? alias : file) && one.value !== value,
  );
  return {
    atBoot: last === undefined ? null : { file: last.file, value: last.value },
    inFile: all.findLast((one) => one.file === file)?.value ?? null,
    later: later.map((one) => ({ file: one.file, value: one.value })),
    isRead: isReadAtBoot(file, stored),
  };
}

/** Where a file stands, or would stand. */
function bootRank(file: string, order: readonly string[]): number {
  const at = order.indexOf(file);
  if (at >= 0) return at;
  const name = baseOf(file);
  return order.filter((one) => Buffer.compare(Buffer.from(baseOf(one)), Buffer.from(name)) < 0).length - 0.5;
}

function baseOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function isReadAtBoot(file: string, { manager, files }: StoredFiles): boolean {
  if (file === '/etc/sysctl.conf')
    return manager !== 'systemd' || files.includes('/etc/sysctl.d/99-sysctl.conf');
  return /^\/(etc|run|usr\/local\/lib|usr\/lib|lib)\/sysctl\.d\/[^/]+\.conf$/.test(file);
}
