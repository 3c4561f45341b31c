import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { TransportError } from '../../lib/diagnostics/errors.ts';
import { applyHosts } from '../../lib/engine/apply-hosts.ts';
import { destroyedBy } from '../../lib/engine/destroyed.ts';
import { planHosts } from '../../lib/engine/plan-hosts.ts';
import type { HostResult } from '../../lib/model/event.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import type { Step } from '../../lib/model/step.ts';
import { sh } from '../../lib/shell/sh.ts';
import { recordedAnswer } from '../disks/recorded.ts';
import { chunkOf } from '../support/chunk.ts';
import { compilerOf, fleetOf, hostNamed, prints } from '../support/fleet.ts';

const fingerprint = `sha256:${'4f'.repeat(32)}`;
const MARK = '00000000-0000-4000-8000-000000000000';
const LOOK = `slab-look 1 ${MARK}\ndisk yes\nfingerprint ${fingerprint}\nslab-end ${MARK}\n`;
/** The disk `lvm` of the recorded host. */
const approval = {
  ...{ host: 'web1', serial: 'lvm', sizeBytes: 419_430_400, gen: 1, by: 'anna', reason: 'RMA-1234' },
  ...{ fingerprint, expires: '2999-01-01T00:00:00Z' },
};

/** Applies a format that a person agreed to. @param says what the runner says of it; the line drops where it says nothing. */
async function apply(says: string | undefined): Promise<HostResult | undefined> {
  const answer = ({ name }: { readonly name: string }) => {
    if (name === 'open') return prints('open\n');
    if (name === 'c0') {
      if (says === undefined) throw new TransportError('SLAB3308', 'the line dropped');
      return prints(says);
    }
    if (name.startsWith('look.')) return prints(LOOK);
    return name.startsWith('probe.') ? { stdout: recordedAnswer() } : undefined;
  };
  const fleet = fleetOf({ web1: { answer } });
  const signal = new AbortController().signal;
  const planned = await planHosts(
    {
      ...{ environment: 'prod', hosts: [hostNamed('web1')], parallel: 1, signal, keepSessions: true },
      compiler: compilerOf([chunkOf({ module: 'blockdev', fun: 'formatted', name: '/dev/loop22' })]),
      learnSecrets: () => undefined,
      records: (host) => ({ environment: 'prod', host: host.name, disks: [], approvals: [approval] }),
    },
    fleet.ports,
  );
  assert.equal(planned.plan.hosts[0]?.chunks[0]?.risk, 'destroy');
  const [result] = await applyHosts(
    {
      ...{ hosts: [...planned.hosts.values()], run: 'r1', who: 'anna@laptop', parallel: 1 },
      ...{ stop: signal, cancel: signal, redact: (text) => text },
      replan: () => assert.fail('nothing is rebooted'),
    },
    fleet.ports,
  );
  return result;
}

describe('what a person gave up', () => {
  for (const [what, says] of [
    ['its step was done', 'c go 0 0 \n'],
    ['its step failed', 'f failed 0 1 \n/dev/loop22: the command failed\n'],
    ['its step was killed', 'f failed 0 137 \n'],
    ['the line dropped while it ran', undefined],
  ] as const)
    it(`counts as destroyed where ${what}`, async () => {
      const result = await apply(says);

      assert.deepEqual(result?.destroyed, [{ serial: 'lvm', fingerprint }]);
    });

  for (const [what, says] of [
    ['its step refused it and wrote nothing', 'f failed 0 118 \nNothing was written to /dev/loop22.\n'],
    ['it was not begun', 'x stopped 0 0 \n'],
    ['its condition could not be asked', 'f failed 0 0 \n'],
  ] as const)
    it(`is still there where ${what}`, async () => {
      const result = await apply(says);

      assert.equal(result?.destroyed, undefined);
    });
});

describe('of a state with several steps', () => {
  const step = (title: string, part?: string): Step => ({
    ...{ title, script: sh`true`, risk: 'destroy', destroys: [{ serial: title, fingerprint }] },
    ...(part === undefined ? {} : { part }),
  });
  const destroyed = (steps: readonly Step[], said: string, name = 'c0'): string => {
    const result: SectionResult = { name, code: 0, stdout: Buffer.from(said), stderr: '', durationMs: 1 };
    return destroyedBy({ section: 'c0', steps }, result)
      .map(({ serial }) => serial)
      .join();
  };
  const row = [step('a'), step('b'), step('c')];

  for (const [said, gone] of [
    ['c go 2 0 \n', 'a,b,c'],
    ['f failed 1 1 \n', 'a,b'],
    ['f failed 1 118 \n', 'a'],
    ['f failed 3 1 \n', 'a,b,c'], // its check_cmd
    ['u go 0 0 \n', ''],
    ['nonsense', 'a,b,c'],
  ] as const)
    it(`takes for destroyed: ${gone || 'nothing'}, where the runner says ${JSON.stringify(said)}`, () => {
      assert.equal(destroyed(row, said), gone);
    });

  it('takes for destroyed what may be in parts that go on after a failure in another', () => {
    const parts = [step('a', '1'), step('b', '1'), step('c', '2')];

    assert.equal(destroyed(parts, 'f failed 0 118 \n'), 'c');
    assert.equal(destroyed(parts, 'f failed 0 1 \n'), 'a,c');
  });

  it('counts each attempt by itself', () => {
    assert.equal(destroyed(row, 'rf failed 0 1 \n'), 'a');
    assert.equal(destroyed(row, 'f failed 0 118 \n', 'c0.2'), '');
    assert.equal(destroyed(row, '', 'c0.3'), '', 'it was not due');
  });
});
