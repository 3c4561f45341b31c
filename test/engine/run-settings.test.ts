import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseRunSettings } from '../../lib/engine/run-settings.ts';
import type { Json } from '../../lib/model/json.ts';
import { kinds } from '../../lib/resources/index.ts';
import { chunkOf } from '../support/chunk.ts';

function parse(args: Readonly<Record<string, Json>>, failhard = false, state = 'cmd.run') {
  const [module = '', fun = ''] = state.split('.');
  return parseRunSettings(chunkOf({ module, fun, name: 'x', args }), kinds.get(module), failhard);
}

describe('parseRunSettings', () => {
  const retries: readonly (readonly [Json, object])[] = [
    [{}, { attempts: 2, until: true, interval: 30, splay: 0 }],
    [{ attempts: 5 }, { attempts: 5, until: true, interval: 30, splay: 0 }],
    [
      { attempts: 3, until: false, interval: 0, splay: 9 },
      { attempts: 3, until: false, interval: 0, splay: 9 },
    ],
    [true, { attempts: 2, until: true, interval: 30, splay: 0 }],
    [[{ attempts: 5 }], { attempts: 2, until: true, interval: 30, splay: 0 }],
  ];
  for (const [given, expected] of retries)
    it(`reads retry: ${JSON.stringify(given)} as Salt's verify_retry_data does`, () => {
      assert.deepEqual(parse({ retry: given }).settings.retry, expected);
    });

  it('warns of a retry that is no mapping, since what it says does not hold', () => {
    const [only] = parse({ retry: [{ attempts: 5 }] }).diagnostics;

    assert.equal(only?.severity, 'warning');
    assert.match(only.summary, /retry is not a mapping, so its defaults hold/);
    assert.equal(only.source?.line, 10);
  });

  const mistakes: readonly (readonly [Readonly<Record<string, Json>>, RegExp])[] = [
    [{ retry: { attempts: 0 } }, /attempts must be a whole number/],
    [{ retry: { attempts: 5000 } }, /5000 attempts are too many/],
    [{ retry: { until: 'yes' } }, /until must be true or false/],
    [{ retry: { tries: 3 } }, /retry has no "tries"/],
    [{ failhard: 'very' }, /failhard must be true or false/],
    [{ check_cmd: [{ a: 1 }] }, /check_cmd takes shell commands/],
  ];
  for (const [args, summary] of mistakes)
    it(`refuses ${JSON.stringify(args)}`, () => {
      const [only] = parse(args).diagnostics;

      assert.equal(only?.severity, 'error');
      assert.match(only.summary, summary);
    });

  it('takes failhard from the inventory, and a state has the last word', () => {
    assert.equal(parse({}).settings.failhard, false);
    assert.equal(parse({}, true).settings.failhard, true);
    assert.equal(parse({ failhard: false }, true).settings.failhard, false);
  });

  it('reads a check_cmd that is one text, a list, or the command true', () => {
    assert.deepEqual(parse({ check_cmd: 'test -e /x' }).check, ['test -e /x']);
    assert.deepEqual(parse({ check_cmd: [true, 'false'] }).check, ['true', 'false']);
  });

  it('leaves the check_cmd of file.managed to it, which checks before it replaces', () => {
    assert.deepEqual(parse({ check_cmd: 'visudo -cf' }, false, 'file.managed').check, []);
  });

  it('says of arguments that mean nothing here that they do not', () => {
    const { notes } = parse({ parallel: true, fire_event: 'my/tag', provider: 'x' }).settings;

    assert.deepEqual(
      notes.map((note) => note.split(':')[0]),
      ['parallel', 'fire_event', 'provider'],
    );
    assert.deepEqual(parse({ parallel: false, fire_event: false, reload_modules: true }).settings.notes, []);
  });
});
