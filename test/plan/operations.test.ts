import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createRedactor } from '../../lib/diagnostics/redact.ts';
import type { PlannedChunk } from '../../lib/model/plan.ts';
import { operationsOf, surplusOf, type Operation } from '../../lib/plan/operations.ts';
import { chunk, contents, hostPlan, nginxConf, nginxService, setting } from '../support/plans.ts';

const salt = '00'.repeat(16);
const of = (...chunks: readonly PlannedChunk[]): readonly Operation[] =>
  operationsOf(hostPlan('web1', chunks), { salt });
const file = (before: string | null, after: string): PlannedChunk =>
  chunk('file.managed', '/a', 'a.sls:1', { changes: [contents('file:/a', before, after)] });
const maybe: PlannedChunk = { ...file('x', 'y'), verdict: 'maybe' };
const words = (approved: readonly Operation[], fresh: readonly Operation[]): readonly string[] =>
  surplusOf(approved, fresh).map(({ object, reason }) => `${object} ${reason}`);

describe('a fresh plan against an approved one', () => {
  const cases: readonly (readonly [string, readonly Operation[], readonly Operation[], readonly string[]])[] =
    [
      ['is fine when it is the same', of(file('x', 'y')), of(file('x', 'y')), []],
      ['is fine when it may do what was to be done', of(file('x', 'y')), of(maybe), []],
      ['is fine when it does what was said it may do', of(maybe), of(file('x', 'y')), []],
      ['is fine when it does less', of(file('x', 'y'), nginxConf), of(nginxConf), []],
      [
        'is refused when it touches something else',
        of(nginxConf),
        of(nginxConf, file('x', 'y')),
        ['file:/a not in the plan'],
      ],
      [
        'is refused when something else comes of it',
        of(file('x', 'y')),
        of(file('x', 'z')),
        ['file:/a another result'],
      ],
      [
        'is refused when it begins elsewhere',
        of(file('x', 'y')),
        of(file('w', 'y')),
        ['file:/a another state'],
      ],
      [
        'is refused when it replaces what was to be created',
        of(file(null, 'y')),
        of(file('w', 'y')),
        ['file:/a another state'],
      ],
      [
        'is refused when it restarts what was not to be',
        of({ ...nginxConf }),
        of({ ...nginxConf, ...pick(nginxService) }),
        ['file:/etc/nginx/nginx.conf another result'],
      ],
    ];
  for (const [what, approved, fresh, expected] of cases)
    it(what, () => {
      assert.deepEqual(words(approved, fresh), expected);
    });

  it('knows no secret, and none by its hash', () => {
    const planned = (secret: string) =>
      operationsOf(hostPlan('h', [file('x', `password ${secret}`)]), {
        salt,
        redactor: createRedactor(['hunter-one', 'hunter-two']),
      });

    assert.deepEqual(planned('hunter-one'), planned('hunter-two'));
  });

  it('tells contents apart that are not shown, otherwise in each plan', () => {
    const hidden = (after: string, ofPlan = salt) =>
      operationsOf(
        hostPlan('h', [
          chunk('file.managed', '/a', 'a.sls:1', {
            changes: [
              { ...setting('file:/a', 'contents', null, null), text: { before: null, after, hidden: true } },
            ],
          }),
        ]),
        { salt: ofPlan },
      )[0]?.after;

    assert.equal(hidden('one'), hidden('one'));
    assert.notEqual(hidden('one'), hidden('two'));
    assert.notEqual(hidden('one'), hidden('one', '11'.repeat(16)));
  });

  it('may do any part of what was approved, and is refused with anything more', () => {
    const operation = fc.record({
      name: fc.constantFrom('/a', '/b', '/c', '/d'),
      mode: fc.constantFrom('1', '2'),
    });
    const many = fc.uniqueArray(operation, { selector: ({ name }) => name });
    const plan = (all: readonly { readonly name: string; readonly mode: string }[]) =>
      of(
        ...all.map(({ name, mode }) =>
          chunk('file.managed', name, 'a.sls:1', { changes: [setting(`file:${name}`, 'mode', '0', mode)] }),
        ),
      );
    fc.assert(
      fc.property(many, many, (approved, fresh) => {
        const subset = fresh.every((each) =>
          approved.some(({ name, mode }) => name === each.name && mode === each.mode),
        );
        assert.equal(surplusOf(plan(approved), plan(fresh)).length === 0, subset);
      }),
    );
  });
});

function pick({ refresh }: PlannedChunk): Partial<PlannedChunk> {
  return refresh === undefined ? {} : { refresh };
}
