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
});
