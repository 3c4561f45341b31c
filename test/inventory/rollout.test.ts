import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseRollout } from '../../lib/inventory/parse-rollout.ts';

const read = (text: string) => {
  const { value, diagnostics } = parseRollout({ file: 'rollout.yaml', text });
  assert.deepEqual(diagnostics, []);
  assert.ok(value);
  return value;
};

describe('rollout.yaml', () => {
  it('takes the bare word on for a key, which YAML 1.1 reads as true', () => {
    const { gates } = read(
      'stages: [{name: a, gates: [here]}]\ngates: {here: {command: make test, on: controller}}\n',
    );

    assert.deepEqual(gates.get('here')?.check, { of: 'command', command: 'make test', on: 'controller' });
  });

  it('says who is drained, where, and in which order roles are begun', () => {
    const { stages } = read(`stages:
  - name: all
    order: [storage, 'proxy* and not proxy9']
    drain: {command: 'lb off {host}', on: lb1}
    undrain: {command: 'lb on {host}', on: controller}
`);

    const [stage] = stages;
    assert.deepEqual(stage?.order, ['storage', 'proxy* and not proxy9']);
    assert.deepEqual([stage.drain?.command, stage.drain?.on], ['lb off {host}', 'lb1']);
    assert.deepEqual([stage.undrain?.command, stage.undrain?.on], ['lb on {host}', 'controller']);
  });

  it('has gates over S3 with keys from a file or a variable', () => {
    const { gates } = read(`stages: [{name: a, gates: [store]}]
gates: {store: {s3: 'https://s3.example.org/b', credentials: {env: KEYS}, region: garage}}
`);

    assert.deepEqual(gates.get('store')?.check, {
      ...{ of: 's3', url: 'https://s3.example.org/b', region: 'garage' },
      keys: { from: 'env', name: 'KEYS' },
    });
  });

  it('has stages that need the one before, what they say, or nothing', () => {
    const { stages } = read(
      'stages: [{name: a}, {name: b}, {name: c, needs: [a]}, {name: d, needs: []}, {name: e, needs: a}]\n',
    );

    assert.deepEqual(
      stages.map(({ needs }) => needs.map(({ name }) => name)),
      [[], ['a'], ['a'], [], ['a']],
    );
  });

  const mistakes: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a stage that is not there',
      'stages:\n  - {name: canary}\n  - {name: b, needs: [canery]}\n',
      ['rollout.yaml:3:23 there is no stage canery; did you mean "canary"?'],
    ],
    [
      'a stage that comes later',
      'stages:\n  - {name: a, needs: [b]}\n  - {name: b, needs: []}\n',
      ['rollout.yaml:2:23 the stage a needs b, which comes after it; move b before a'],
    ],
    [
      'itself',
      'stages:\n  - {name: a, needs: a}\n',
      ['rollout.yaml:2:22 the stage a needs itself: a → a; leave out a, or what leads back from it'],
    ],
    [
      'itself by way of others, and a stage that is not there: both are said',
      'stages:\n  - {name: a, needs: [c]}\n  - {name: b, needs: [a, x1]}\n  - {name: c, needs: [b]}\n',
      [
        'rollout.yaml:2:23 the stage a needs itself: a → c → b → a; leave out c, or what leads back from it',
        'rollout.yaml:3:26 there is no stage x1; name one of a, b, c',
      ],
    ],
    [
      'what is no name',
      'stages:\n  - {name: a}\n  - {name: b, needs: {a: 1}}\n',
      ['rollout.yaml:3:22 needs of a stage has to be a list, not a mapping; begin each entry with "- "'],
    ],
  ];
  for (const [what, text, expected] of mistakes)
    it(`refuses a stage that needs ${what}`, () =>
      assert.deepEqual(
        parseRollout({ file: 'rollout.yaml', text }).diagnostics.map(
          ({ source, summary, fix }) =>
            `${source?.file}:${source?.line}:${source?.column} ${summary}; ${fix}`,
        ),
        expected,
      ));
});
