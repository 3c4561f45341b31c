import type { Change } from '../../model/change.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { diffSysctl } from './diff.ts';
import { moduleOf, ownFile, pathOf } from './names.ts';
import { observeSysctl, type SysctlObserved } from './observe.ts';
import { functions, parseSysctl, type SysctlDeclared } from './parse.ts';

const probe = scriptFile(import.meta.url, './probe.sh');
const set = scriptFile(import.meta.url, './set.sh');
const store = scriptFile(import.meta.url, './store.sh');

/** Salt's module `sysctl`: settings of the kernel. */
export const sysctl = defineKind<SysctlDeclared, SysctlObserved>({
  name: 'sysctl',
  summary: 'settings of the kernel, running and stored',
  functions,
  parse: parseSysctl,
  identify: ({ name }) => [`sysctl:${name}`],
  needs: ({ name, file }) => {
    const module = moduleOf(name);
    return [...(module === undefined ? [] : [`kmod:${module}`]), `file:${file}`, 'pkg:procps'];
  },
  probe: (declared) => {
    const keys = new Set(declared.map(({ name }) => pathOf(name)));
    // rp_filter of one interface counts together with that of all.
    const files = new Set(declared.filter(({ isNamed }) => isNamed).map(({ file }) => file));
    return probe([...keys, '--', ...[...files].filter((file) => !isUsual(file))]);
  },
  observe: observeSysctl,
  diff: diffSysctl,
  // The kernel is asked first: what it refuses is not kept for the next boot either.
  steps: (declared, changes, observed) =>
    [...changes]
      .sort((one, other) => Number(other.field === 'running') - Number(one.field === 'running'))
      .map((change) => stepFor(declared, change, observed)),
});

/** Files that the probe reads anyway. */
function isUsual(file: string): boolean {
  return (
    file === '/etc/sysctl.conf' || /^\/(etc|run|usr\/local\/lib|usr\/lib)\/sysctl\.d\/[^/]+\.conf$/.test(file)
  );
}

function stepFor(
  { name, file, value = '' }: SysctlDeclared,
  { field, before, risk }: Change,
  observed: SysctlObserved,
): Step {
  if (field === 'running') {
    const seen = observed?.there === 'no' ? '*' : typeof before === 'string' ? before : '*';
    return { title: `set ${name} to ${value}`, script: set([pathOf(name), value, seen]), risk };
  }
  const own = file === ownFile(name) ? 'own' : 'shared';
  const title = value === '' ? `take ${name} out of ${file}` : `store ${name} in ${file}`;
  return { title, script: store([file, pathOf(name), name, value, own]), risk };
}
