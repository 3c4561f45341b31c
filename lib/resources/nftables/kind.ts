import type { Change } from '../../model/change.ts';
import type { Diff } from '../../model/resource.ts';
import type { Step } from '../../model/step.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { defineKind } from '../define-kind.ts';
import { type NftablesObserved, observeNftables, sha256 } from './observe.ts';
import { functions, type NftablesDeclared, parseNftables } from './parse.ts';

const probe = scriptFile(import.meta.url, './probe.sh');
const keepSsh = scriptFile(import.meta.url, './keep-ssh.sh');
const load = scriptFile(import.meta.url, './load.sh');
const store = scriptFile(import.meta.url, './store.sh');
const trial = scriptFile(import.meta.url, './trial.sh');

/** Tables of firewall rules, whole. */
export const nftables = defineKind<NftablesDeclared, NftablesObserved>({
  name: 'nftables',
  summary: 'tables of firewall rules',
  functions,
  parse: parseNftables,
  identify: (declared) => [keyOf(declared)],
  needs: () => ['pkg:nftables'],
  probe: (declared) => probe(declared.flatMap(({ family, table, text }) => [family, table, text])),
  observe: observeNftables,
  deepen: (declared, observed) =>
    tried(declared, observed).map(({ each }) => ({
      title: `table ${each.family} ${each.table}: does it let a new login in?`,
      script: keepSsh([each.text]),
    })),
  observeDeeper: (results, declared, observed) => {
    const all = tried(declared, observed);
    return observed.map((seen, index) => {
      const result = results[all.findIndex((one) => one.index === index)];
      if (seen === null || result === undefined) return seen;
      const login = new TextDecoder().decode(result.stdout).trim();
      return { ...seen, login: login === '' ? 'unknown the host did not say' : login };
    });
  },
  diff,
  steps: (declared, changes, observed) => stepsFor(declared, changes, observed),
});

function keyOf({ family, table }: NftablesDeclared): string {
  return `nftables:${family} ${table}`;
}

/** Rulesets that would change what runs, and are to keep slab's way in. */
function tried(declared: readonly NftablesDeclared[], observed: readonly NftablesObserved[]) {
  return declared
    .map((each, index) => ({ each, index, seen: observed[index] }))
    .filter(
      ({ each, seen }) =>
        each.keepSsh && seen !== null && seen?.want != null && seen.fault === '' && seen.want !== seen.have,
    );
}

function diff(declared: NftablesDeclared, observed: NftablesObserved): Diff {
  const name = `table ${declared.family} ${declared.table}`;
  const problems =
    observed === null ? [`the host did not answer for ${name}`] : problemsOf(declared, observed, name);
  if (observed === null || problems.length > 0) return { changes: [], predicted: {}, problems };
  const { want, have, others } = observed;
  const changes: Change[] = [];
  const base = { object: keyOf(declared), certainty: 'exact' } as const;
  if (want !== have)
    changes.push({
      ...{ ...base, field: 'rules', action: have === null ? 'create' : 'update', risk: 'disrupt' },
      ...{ before: have === null ? null : 'other rules', after: 'as declared' },
      why: 'flows that are established already pass rules that accept them by their state',
      text: { before: have, after: want, hidden: false },
    });
  if (!observed.stored)
    changes.push({
      ...{ ...base, field: 'stored', action: 'update', risk: 'change', before: null },
      ...{ after: pathOf(declared), why: 'the next boot loads it' },
    });
  const notes = [
    ...(others.length > 0 ? [`tables of others stay as they are: ${others.join(', ')}`] : []),
    ...(observed.login === 'local' ? ['slab is not logged in over SSH, so no login is tried'] : []),
  ];
  return {
    ...{ changes, predicted: { [keyOf(declared)]: true } },
    ...(notes.length > 0 ? { notes } : {}),
    ...(want === have ? {} : { access: 'it decides who reaches the host, slab too' }),
  };
}

function problemsOf(
  { keepSets }: NftablesDeclared,
  { nft, systemd, want, fault, strays, login }: NonNullable<NftablesObserved>,
  name: string,
): readonly string[] {
  if (!nft) return ['this host has no nft; install the package nftables first'];
  if (!systemd)
    return ['only with systemd slab can make the boot load a table, and this host does not run it'];
  if (/\bsyntax error\b/.test(fault)) return [`the rules are not as nft reads them: ${fault}`];
  if (fault !== '')
    return [
      `the rules cannot be loaded as the boot would, without interfaces and names of services (iifname, numbers of ports): ${fault}`,
    ];
  if (want === null)
    return [
      `there is no ${name} in the rules${strays.length > 0 ? `, only ${strays.join(', ')}` : ''}: correct them, or "table"`,
    ];
  if (strays.length > 0)
    return [`the rules make other tables too: ${strays.join(', ')}; give each a state of its own`];
  const missing = keepSets.filter((set) => !new RegExp(`^\\s*(set|map) ${set} \\{$`, 'm').test(want));
  if (missing.length > 0) return [`the rules have no set ${missing.join(', ')} whose elements could stay`];
  const [verdict = '', ...rest] = (login ?? '').split(' ');
  if (verdict === 'cut')
    return [
      `a new login from ${rest.join(' ')} would not be let in, so slab could never come back; let it in, or say keep_ssh: False`,
    ];
  if (verdict === 'unknown')
    return [
      `whether a new login would be let in cannot be tried: ${rest.join(' ')}; say keep_ssh: False if you know`,
    ];
  return [];
}

function pathOf({ family, table }: Pick<NftablesDeclared, 'family' | 'table'>): string {
  return `/etc/slab/nftables/${family}-${table}.nft`;
}

/** Rules are only tried; the boot learns of them once a new login has confirmed them. */
function stepsFor(
  { family, table, text, keepSets }: NftablesDeclared,
  changes: readonly Change[],
  observed: NftablesObserved,
): readonly Step[] {
  const rules = changes.find(({ field }) => field === 'rules');
  const stored = changes.find(({ field }) => field === 'stored');
  const persist = store([`${family}-${table}`, text]);
  if (rules === undefined)
    return stored === undefined
      ? []
      : [{ title: `let the boot load table ${family} ${table}`, script: persist, risk: stored.risk }];
  const have = observed?.have ?? null;
  const seen = have === null ? '-' : sha256(`${have}\n`);
  const at = (action: string) => trial([action, family, table, text]);
  return [
    {
      title: `load table ${family} ${table}${stored === undefined ? '' : ', and let the boot load it'}`,
      script: load([family, table, text, seen, ...keepSets]),
      risk: rules.risk,
      trial: {
        about: 'firewall',
        ...{ check: at('check'), save: at('save'), rollback: at('rollback'), compare: at('compare') },
        ...(stored === undefined ? { stores: [] } : { persist, stores: [pathOf({ family, table })] }),
      },
    },
  ];
}
