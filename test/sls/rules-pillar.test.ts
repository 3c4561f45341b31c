import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Json } from '../../lib/model/json.ts';
import { dictOf, jsonOf } from './dict-of.ts';
import { caseGrains, testHost } from './host.ts';
import type { Files } from './project.ts';
import { compilerOf } from './project.ts';
import { saltOptions } from './salt-options.ts';

/** One rule of Salt's pillar: its files, and the pillar that they give the host. */
interface PillarRule {
  readonly says: string;
  /** File and function of Salt 3006. */
  readonly by: string;
  /** A top file that gives `p` and then `q` is added where there is none. */
  readonly files: Files;
  readonly salt?: Json;
  /** Pillar of the command line. */
  readonly start?: string;
  readonly gives: Json;
  /** Code, file and line of what is said. */
  readonly answers?: readonly string[];
}

const top = "base: {'*': [p, q]}\n";
const both = { 'p.sls': 'm: {a: 1, b: 1}\nl: [1, 2]\n', 'q.sls': 'm: {b: 2}\nl: [2, 3]\n' };

const rules: readonly PillarRule[] = [
  {
    says: 'merges maps at every depth and replaces lists',
    by: 'salt/utils/dictupdate.py merge, strategy smart',
    files: both,
    gives: { m: { a: 1, b: 2 }, l: [2, 3] },
  },
  {
    says: 'joins lists with pillar_merge_lists, each element once',
    by: 'salt/utils/dictupdate.py update, merge_lists',
    files: both,
    salt: { pillar_merge_lists: true },
    gives: { m: { a: 1, b: 2 }, l: [1, 2, 3] },
  },
  {
    says: 'replaces the first level with overwrite',
    by: 'salt/utils/dictupdate.py merge_overwrite',
    files: both,
    salt: { pillar_source_merging_strategy: 'overwrite' },
    gives: { m: { b: 2 }, l: [2, 3] },
  },
  {
    says: 'lets the later win where the types differ',
    by: 'salt/utils/dictupdate.py update',
    files: { 'p.sls': 'a: {x: 1}\n', 'q.sls': 'a: text\n' },
    gives: { a: 'text' },
  },
  {
    says: 'merges targets by their order, then as they are written',
    by: 'salt/pillar/__init__.py Pillar.sort_top_targets',
    files: {
      'top.sls': "base:\n  'h*': [{order: 2}, p]\n  '*': [{order: 1}, q]\n",
      'p.sls': 'a: p\n',
      'q.sls': 'a: q\n',
    },
    gives: { a: 'p' },
  },
  {
    says: 'lets the including SLS win over what it includes',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, pillar_includes_override_sls',
    files: { 'p.sls': 'include: [i]\na: p\n', 'q.sls': '', 'i.sls': 'a: i\nb: i\n' },
    gives: { a: 'p', b: 'i' },
  },
  {
    says: 'lets the included SLS win with pillar_includes_override_sls',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, pillar_includes_override_sls',
    files: { 'p.sls': 'include: [i]\na: p\n', 'q.sls': '', 'i.sls': 'a: i\nb: i\n' },
    salt: { pillar_includes_override_sls: true },
    gives: { a: 'i', b: 'i' },
  },
  {
    says: 'gives an include its defaults as variables and puts it under its key',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, defaults and key',
    files: {
      'p.sls': 'include: [{i: {defaults: {v: 5}, key: "a:b"}}]\n',
      'q.sls': '',
      'i.sls': 'n: {{ v }}\n',
    },
    gives: { a: { b: { n: 5 } } },
  },
  {
    says: 'hands the defaults on to what an included SLS includes, and to the bare name behind it',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, `defaults` is kept in the loop',
    files: {
      'p.sls': 'include: [{i: {defaults: {v: 5}}}, k]\n',
      'q.sls': '',
      'i.sls': 'include: [j]\n',
      'j.sls': 'j: {{ v }}\n',
      'k.sls': 'k: {{ v }}\n',
    },
    gives: { j: 5, k: 5 },
  },
  {
    says: 'adds from an SLS that is included again what it says itself, without its includes',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, mods[sls]',
    files: {
      'p.sls': 'include: [i, k, i]\n',
      'q.sls': '',
      'i.sls': 'include: [j]\na: i\n',
      'j.sls': 'b: j\n',
      'k.sls': 'a: k\nb: k\n',
    },
    gives: { a: 'i', b: 'k' },
  },
  {
    says: 'takes globs and relative names in include',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, fnmatch.filter',
    files: {
      'top.sls': "base: {'*': [d]}\n",
      'd/init.sls': 'include: [.x, e.*]\n',
      'd/x.sls': 'a: 1\n',
      'e/y.sls': 'b: 2\n',
    },
    gives: { a: 1, b: 2 },
  },
  {
    says: 'has no pillar while the pillar is rendered, but grains and opts',
    by: 'salt/pillar/__init__.py Pillar.render_pstate, the variables of compile_template',
    files: { 'p.sls': 'n: {{ pillar | length }}\nos: {{ grains.os }}\nid: {{ opts.id }}\n', 'q.sls': '' },
    gives: { n: 0, os: 'Debian', id: 'host1.example.com' },
  },
  {
    says: 'lets the pillar of the command line win, and merges it with the files',
    by: 'salt/pillar/__init__.py Pillar.compile_pillar, pillar_override',
    files: { 'p.sls': 'a: file\nm: {x: 1, y: 1}\nl: [1]\n', 'q.sls': '' },
    start: '{a: line, m: {y: 2}, l: [2], n: 3}',
    gives: { a: 'line', m: { x: 1, y: 2 }, l: [2], n: 3 },
  },
  {
    says: 'replaces whole keys by the pillar of the command line with overwrite',
    by: 'salt/pillar/__init__.py Pillar.compile_pillar, merge with pillar_source_merging_strategy',
    files: { 'p.sls': 'm: {x: 1, y: 1}\n', 'q.sls': '' },
    salt: { pillar_source_merging_strategy: 'overwrite' },
    start: '{m: {y: 2}}',
    gives: { m: { y: 2 } },
  },
  {
    says: 'takes the pillar of the command line without any file',
    by: 'salt/pillar/__init__.py Pillar.compile_pillar, pillar_override',
    files: { 'top.sls': '' },
    start: '{a: {b: 1}}',
    gives: { a: { b: 1 } },
  },
  ...(
    [
      ['i: {defaults: 5}', 'SLAB2020:pillar/p.sls:1'],
      ['i: {key: [x]}', 'SLAB2020:pillar/p.sls:1'],
      ['i: {nope: 5}', 'SLAB2020:pillar/p.sls:1'],
      ['i: 5', 'SLAB2020:pillar/p.sls:1'],
    ] as const
  ).map(([entry, answer]): PillarRule => ({
    says: `refuses these settings of an include: ${entry}`,
    by: 'salt/pillar/__init__.py Pillar.render_pstate, v.get of an entry that is a mapping',
    files: { 'p.sls': `include: [{${entry}}]\n`, 'q.sls': '', 'i.sls': 'a: 1\n' },
    gives: { a: 1 },
    answers: [answer],
  })),
];

describe('rules of Salt: pillar', () => {
  for (const { says, by, files, salt = {}, start, gives, answers = [] } of rules)
    it(`${says} (${by})`, () => {
      const pillar = 'top.sls' in files ? files : { 'top.sls': top, ...files };
      const input = start === undefined ? {} : { pillarData: dictOf(start) };
      const compiler = compilerOf({ pillar, inventory: { salt: saltOptions(salt) }, input });

      const compiled = compiler.compilePillar(testHost(), caseGrains());

      assert.deepEqual(
        compiled.diagnostics.map(
          ({ severity, code, source }) =>
            `${severity === 'error' ? '' : `${severity} `}${code}:${source?.file ?? ''}:${source?.line ?? '?'}`,
        ),
        answers,
        JSON.stringify(compiled.diagnostics),
      );
      assert.deepEqual(jsonOf(compiled.pillar), gives);
    });
});
