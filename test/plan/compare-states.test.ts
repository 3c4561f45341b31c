import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Json } from '../../lib/model/json.ts';
import type { ChunkKey } from '../../lib/model/state.ts';
import { compareStates, type DeclaredState } from '../../lib/plan/compare-states.ts';

function state(
  fun: string,
  name: string,
  rest: Partial<DeclaredState> & { id?: string } = {},
): DeclaredState {
  const [module = '', short = ''] = fun.split('.');
  const id = rest.id ?? name;
  return {
    key: `${module}_|-${id}_|-${name}_|-${short}` as ChunkKey,
    id,
    module,
    fun: short,
    name,
    sls: 'site',
    source: { file: 'states/site.sls', line: 1, column: 1 },
    args: new Map(),
    requisites: [],
    watches: [],
    ...rest,
  };
}

const args = (json: Readonly<Record<string, Json>>): Pick<DeclaredState, 'args'> => ({
  args: new Map(Object.entries(json)),
});

/** What changes, a line each. */
function lines(before: readonly DeclaredState[], after: readonly DeclaredState[]): readonly string[] {
  return compareStates(before, after).flatMap((chunk) => [
    ...chunk.changes.map(({ object, field, action, before: from, after: to }) =>
      [
        action,
        object,
        field,
        ...(from === null && to === null ? [] : [JSON.stringify(from), JSON.stringify(to)]),
      ].join(' '),
    ),
    ...(chunk.refresh === undefined
      ? []
      : [`${chunk.refresh.field} ${chunk.refresh.object}: ${chunk.refresh.why ?? ''}`]),
  ]);
}

describe('two revisions of a host', () => {
  const cases: readonly (readonly [
    string,
    readonly DeclaredState[],
    readonly DeclaredState[],
    readonly string[],
  ])[] = [
    ['the same is nothing', [state('pkg.installed', 'vim')], [state('pkg.installed', 'vim')], []],
    [
      'a new state',
      [],
      [state('pkg.installed', 'vim', args({ version: '1' }))],
      ['create pkg:vim exists', 'create pkg:vim version null "1"'],
    ],
    ['a state that goes', [state('pkg.installed', 'vim')], [], ['remove pkg:vim exists']],
    ['a new state that removes', [], [state('pkg.removed', 'vim')], ['remove pkg:vim exists']],
    [
      'another function of the same name',
      [state('pkg.installed', 'vim')],
      [state('pkg.removed', 'vim')],
      ['remove pkg:vim function "pkg.installed" "pkg.removed"'],
    ],
    [
      'another ID of the same object',
      [state('file.managed', '/a', { id: 'old' })],
      [state('file.managed', '/a', { id: 'new' })],
      [],
    ],
    [
      'an argument',
      [state('file.managed', '/a', args({ mode: '0644' }))],
      [state('file.managed', '/a', args({ mode: '0600' }))],
      ['update file:/a mode "0644" "0600"'],
    ],
    [
      'an argument that goes',
      [state('file.managed', '/a', args({ mode: '0644' }))],
      [state('file.managed', '/a')],
      ['update file:/a mode "0644" null'],
    ],
    [
      'a requisite',
      [state('file.managed', '/a', { requisites: ['require pkg:vim'] })],
      [state('file.managed', '/a', { requisites: ['require pkg:nano', 'require pkg:vim'] })],
      ['update file:/a requisites [] ["require pkg:nano"]'],
    ],
    [
      'what a service watches',
      [
        state('file.managed', '/a', args({ mode: '0644' })),
        state('service.running', 's', { watches: [state('file.managed', '/a').key] }),
      ],
      [
        state('file.managed', '/a', args({ mode: '0600' })),
        state('service.running', 's', { watches: [state('file.managed', '/a').key] }),
      ],
      ['update file:/a mode "0644" "0600"', 'restart service:s: it watches file:/a'],
    ],
  ];
  for (const [what, before, after, expected] of cases) {
    it(`differ by ${what}`, () => assert.deepEqual(lines(before, after), expected));
  }

  it('show the lines of texts that differ, and of files they write', () => {
    const text = (content: string): DeclaredState =>
      state('file.managed', '/a', {
        ...args({ contents: content }),
        content: { text: content, hash: content },
      });

    const [chunk] = compareStates([text('a\nb\n')], [text('a\nc\n')]);

    assert.deepEqual(
      chunk?.changes.map(({ field, text: change }) => [field, change?.before, change?.after]),
      [
        ['contents', 'a\nb\n', 'a\nc\n'],
        ['contents', 'a\nb\n', 'a\nc\n'],
      ],
    );
  });

  it('name the risk of what is about disks, the network, and stopped services', () => {
    const risks = ['disk.data', 'network.interface', 'service.dead', 'system.reboot', 'file.managed'].map(
      (fun) => compareStates([], [state(fun, 'x')])[0]?.risk,
    );

    assert.deepEqual(risks, ['disrupt', 'disrupt', 'disrupt', 'reboot', 'change']);
  });

  it('are equal exactly when every state is, and each state is told once', () => {
    const one = fc.record({
      fun: fc.constantFrom('file.managed', 'pkg.installed', 'pkg.removed'),
      name: fc.constantFrom('a', 'b', 'c'),
      mode: fc.constantFrom('1', '2'),
    });
    const many = fc
      .uniqueArray(one, { selector: ({ fun, name }) => `${fun.split('.')[0] ?? ''} ${name}`, maxLength: 5 })
      .map((all) => all.map(({ fun, name, mode }) => state(fun, name, args({ mode }))));
    fc.assert(
      fc.property(many, many, (before, after) => {
        const found = compareStates(before, after);
        const told = found.map((chunk) => `${chunk.function.split('.')[0] ?? ''}:${chunk.name}`);
        assert.deepEqual([...new Set(told)].sort(), [...told].sort());
        const plain = (states: readonly DeclaredState[]): unknown =>
          states.map(({ module, fun, name, args: given }) => [module, fun, name, ...given]).sort();
        const same = JSON.stringify(plain(before)) === JSON.stringify(plain(after));
        assert.equal(
          found.every(({ verdict }) => verdict === 'none'),
          same,
        );
      }),
    );
  });
});
