import type { Change } from '../../model/change.ts';
import type { Diff, Prospect } from '../../model/resource.ts';
import type { SectionResult } from '../../model/script.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { functions, type KmodDeclared, parseKmod } from './parse.ts';

/** What the host says of one module. */
type Module = {
  readonly name: string;
  /** `builtin`: part of the kernel; `there`: could be loaded; `unknown`: the host cannot load modules. */
  readonly state: 'loaded' | 'builtin' | 'there' | 'missing' | 'unknown';
  readonly users: number;
  /** Files that name it for the boot. */
  readonly files: readonly string[];
};
/** Null: the host did not say. */
type KmodObserved = readonly Module[] | null;

const probe = scriptFile(import.meta.url, './probe.sh');
const change = scriptFile(import.meta.url, './change.sh');

/** Salt's module `kmod`: modules of the kernel. */
export const kmod = defineKind<KmodDeclared, KmodObserved>({
  name: 'kmod',
  summary: 'modules of the kernel',
  functions,
  parse: parseKmod,
  identify: ({ modules }) => modules.map((name) => `kmod:${name}`),
  needs: () => ['pkg:kmod'],
  probe: (declared) => probe([...new Set(declared.flatMap(({ modules }) => modules))]),
  observe,
  diff,
  steps: (declared, changes, observed) => changes.map((each) => stepFor(declared, each, observed)),
});

function observe(result: SectionResult, declared: readonly KmodDeclared[]): readonly KmodObserved[] {
  const lines = new TextDecoder()
    .decode(result.stdout)
    .split('\n')
    .map((line) => line.split('\t'));
  const states = new Map(
    lines.flatMap(([mark, name = '', state, users]) => (mark === 'module' ? [[name, { state, users }]] : [])),
  );
  const files = (name: string) =>
    lines.flatMap(([mark, file = '', word = '']) =>
      mark === 'line' && word.replaceAll('-', '_') === name ? [file] : [],
    );
  return declared.map(({ modules }) => {
    const seen = modules.flatMap((name): readonly Module[] => {
      const { state, users } = states.get(name) ?? {};
      return isState(state) ? [{ name, state, users: Number(users), files: files(name) }] : [];
    });
    return result.code === 0 && seen.length === modules.length ? seen : null;
  });
}

function isState(state: string | undefined): state is Module['state'] {
  return ['loaded', 'builtin', 'there', 'missing', 'unknown'].includes(state ?? '');
}

function diff(declared: KmodDeclared, observed: KmodObserved, prospect: Prospect): Diff {
  if (observed === null)
    return {
      ...{ changes: [], predicted: {} },
      problems: [`the host did not answer for ${declared.modules.join(', ')}`],
    };
  const problems = observed.flatMap((module) => problemOf(declared, module, prospect));
  if (problems.length > 0) return { changes: [], predicted: {}, problems };
  const predicted = Object.fromEntries(
    declared.modules.map((name) => [`kmod:${name}`, declared.loaded] as const),
  );
  return { changes: observed.flatMap((module) => changesOf(declared, module)), predicted };
}

function problemOf(
  { loaded }: KmodDeclared,
  { name, state, users }: Module,
  { earlier }: Prospect,
): readonly string[] {
  if (loaded && (state === 'missing' || state === 'unknown')) {
    const mayCome = earlier.some(({ object, action }) => action !== 'remove' && /^(pkg|cmd):/.test(object));
    if (mayCome) return [];
    const why = state === 'unknown' ? 'this host has no modprobe' : `this kernel has no module ${name}`;
    return [why];
  }
  if (!loaded && state === 'builtin') return [`${name} is a part of this kernel, so it cannot be unloaded`];
  if (!loaded && state === 'loaded' && users > 0)
    return [`${name} is in use (by ${users}), so it cannot be unloaded; stop what uses it first`];
  return [];
}

function changesOf({ loaded, persist }: KmodDeclared, { name, state, files }: Module): readonly Change[] {
  const base = { object: `kmod:${name}`, certainty: state === 'missing' ? 'provisional' : 'exact' } as const;
  const changes: Change[] = [];
  const isLoaded = state === 'loaded' || state === 'builtin';
  if (loaded && !isLoaded)
    changes.push({ ...base, field: 'loaded', action: 'create', before: false, after: true, risk: 'change' });
  if (!loaded && isLoaded)
    changes.push({ ...base, field: 'loaded', action: 'remove', before: true, after: false, risk: 'disrupt' });
  if (persist && loaded && files.length === 0)
    changes.push({
      ...{ ...base, field: 'stored', action: 'create', before: null, risk: 'change' },
      after: `/etc/modules-load.d/slab-${name}.conf`,
    });
  const own = files.filter((file) => file.startsWith('/etc/'));
  if (persist && !loaded && own.length > 0)
    changes.push({
      ...{ ...base, field: 'stored', action: 'remove', before: own.join(', '), after: null, risk: 'change' },
    });
  return changes;
}

function stepFor({ loaded }: KmodDeclared, { field, object, risk }: Change, observed: KmodObserved): Step {
  const name = object.slice('kmod:'.length);
  const verb = field === 'loaded' ? (loaded ? 'load' : 'unload') : loaded ? 'store' : 'forget';
  const title = {
    load: `load the module ${name}`,
    unload: `unload the module ${name}`,
    store: `load the module ${name} at boot`,
    forget: `no longer load the module ${name} at boot`,
  }[verb];
  const files = (observed ?? []).find((module) => module.name === name)?.files ?? [];
  const own = verb === 'forget' ? files.filter((file) => file.startsWith('/etc/')) : [];
  return { title, script: change([verb, name, ...own]), risk, timeoutMs: 120_000 };
}
