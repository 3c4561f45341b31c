import { nearNames } from '../../diagnostics/near.ts';
import type { SectionResult } from '../../model/script.ts';
import type { ServiceDeclared } from './parse.ts';

/** What the host says of one service; null: it did not say. */
export type ServiceObserved = {
  /** What starts services on this host. */
  readonly manager: 'systemd' | 'sysv' | 'none';
  readonly exists: boolean;
  /** Why its unit file cannot be used, in systemd's words; null when it can. */
  readonly broken: string | null;
  readonly running: boolean;
  /** In the manager's words: `active (running)`, `failed`. */
  readonly state: string;
  readonly masked: boolean;
  /** Null: it is neither, as a static unit that others start. */
  readonly enabled: boolean | null;
  /** In the manager's words: `enabled`, `static`. */
  readonly boot: string;
  /** Its unit file has changed since systemd read it. */
  readonly stale: boolean;
  readonly canReload: boolean;
  /** A unit that ends when its work is done, and so is never running. */
  readonly ends: boolean;
  /** Where its unit file is; empty when there is none. */
  readonly file: string;
  /** Names of the host's services that look like this one, when it is missing. */
  readonly near: readonly string[];
} | null;

/** Reads the answer of probe.sh. */
export function observeServices(
  result: SectionResult,
  declared: readonly ServiceDeclared[],
): readonly ServiceObserved[] {
  const [head = '', units] = new TextDecoder().decode(result.stdout).split(/^units\n/m);
  const lines = head.split('\n').map((line) => line.split('\t'));
  const manager = lines.find(([mark]) => mark === 'manager')?.[1];
  if (result.code !== 0 || (manager !== 'systemd' && manager !== 'sysv' && manager !== 'none'))
    return declared.map(() => null);
  const known = lines.flatMap(([mark, name]) =>
    mark === 'near' && name !== undefined ? [name.replace(/\.service$/, '')] : [],
  );
  const blocks = (units ?? '').split('\n\n').map(readBlock);
  return declared.map(({ name, unit }, index) => {
    const near = nearNames(name, known);
    const sysv = lines.find(([mark, name]) => mark === 'sysv' && name === unit) ?? [];
    if (manager !== 'systemd')
      return { ...absent, ...fromScript(sysv), manager, near: sysv[2] === 'yes' ? [] : near };
    const block = blocks[index];
    return block?.get('LoadState') === undefined
      ? null
      : fromSystemd(block, { boot: sysv[3] === 'yes', near });
  });
}

const absent = {
  exists: false,
  broken: null,
  running: false,
  state: 'not-found',
  masked: false,
  enabled: false,
  boot: 'not-found',
  stale: false,
  canReload: true,
  ends: false,
  file: '',
};

function fromScript([, , exists, boot, code]: readonly string[]): Partial<NonNullable<ServiceObserved>> {
  if (exists !== 'yes') return {};
  const running = code === '0';
  const enabled = boot === 'yes';
  // Exit codes of status: Linux Standard Base, "Init Script Actions".
  const state = { '0': 'running', '1': 'dead', '2': 'dead', '3': 'stopped' }[code ?? ''] ?? 'unknown';
  return { exists: true, running, state, enabled, boot: enabled ? 'enabled' : 'disabled' };
}

function fromSystemd(
  block: ReadonlyMap<string, string>,
  { boot, near }: { readonly boot: boolean; readonly near: readonly string[] },
): ServiceObserved {
  const of = (property: string) => block.get(property) ?? '';
  const [load, active, sub, file] = [of('LoadState'), of('ActiveState'), of('SubState'), of('UnitFileState')];
  const exists = load !== 'not-found';
  const usable = ['loaded', 'masked', 'not-found', 'merged'].includes(load);
  return {
    manager: 'systemd',
    exists,
    broken: usable ? null : of('LoadError').replace(/^\S+ "?|"$/g, '') || load,
    running: ['active', 'reloading', 'refreshing'].includes(active),
    state: !exists
      ? 'not-found'
      : sub === '' || sub === active || sub === 'dead'
        ? active
        : `${active} (${sub})`,
    masked: load === 'masked' || file.startsWith('masked'),
    enabled: isEnabled(file, boot),
    boot: file === '' ? load : file,
    stale: of('NeedDaemonReload') === 'yes',
    canReload: of('CanReload') !== 'no',
    ends: of('Type') === 'oneshot' && of('RemainAfterExit') === 'no',
    file: of('FragmentPath'),
    near: exists ? [] : near,
  };
}

/** `generated` units of init scripts are enabled by their links; null for what can be neither: systemctl(1), is-enabled. */
function isEnabled(file: string, boot: boolean): boolean | null {
  switch (file) {
    case 'enabled':
    case 'alias':
      return true;
    case 'generated':
      return boot;
    case 'static':
    case 'indirect':
    case 'transient':
      return null;
    default:
      return false;
  }
}

function readBlock(text: string): ReadonlyMap<string, string> {
  const pairs = text.split('\n').map((line) => {
    const at = line.indexOf('=');
    return [line.slice(0, Math.max(at, 0)), line.slice(at + 1)] as const;
  });
  return new Map(pairs);
}
