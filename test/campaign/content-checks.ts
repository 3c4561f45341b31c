import assert from 'node:assert/strict';
import type { DiskHost } from '../support/disk-host.ts';
import type { Examined } from '../support/observe-case.ts';
import { flushedHashOf, hashOf, hashOfZeros } from '../support/storage/image-hash.ts';
import { READ_IN_FULL } from './large-disks.ts';
import { attempt, expected, type Playing } from './playing.ts';
import { isMounted, writesTo } from './slot.ts';

/** The plan takes the disk for what it must be, and a refusal names it. */
export function assertPlanned(playing: Playing, { diff }: Examined): void {
  const { states, refusal, end } = expected(playing);
  const view = diff.disks?.[0];
  playing.state = view?.state ?? 'nothing heard';
  playing.refused = view === undefined || view.action === 'refused';
  const words = [...(diff.notes ?? []), ...(diff.shortfalls ?? []), ...(diff.problems ?? [])].join('\n');
  const seen = `${playing.state} ${view?.action ?? ''}: ${view?.words.join('; ') ?? ''}\n${words}`;
  assert.ok((states as readonly string[]).includes(playing.state), `not ${states.join(' or ')}: ${seen}`);
  if (end === 'ready' || refusal !== undefined) assert.ok(!playing.refused, `refused: ${seen}`);
  else if (end === 'untouched') assert.ok(playing.refused, `not refused: ${seen}`);
  if (view?.action === 'refused')
    assert.match(words, new RegExp(`disk ${playing.serial}`), 'I10: a refusal names the disk');
  if (view !== undefined) assertSampled(playing, view.words.join('; '));
}

/** I2: a disk that is too large to be read in full is proved by samples, and they meet what is where they have to be. */
function assertSampled({ drawn, state }: Playing, words: string): void {
  const { data, sizeBytes } = drawn;
  if (state === 'BLANK' && sizeBytes > READ_IN_FULL) assert.match(words, /proof sampled/);
  if (state !== 'OCCUPIED' || data === undefined) return;
  const [, from, length] = /not zero \(offset and length: ([0-9]+) ([0-9]+)\)/.exec(words) ?? [];
  const [begin, end] = [Number(from), Number(from) + Number(length)];
  assert.ok(begin < data.at + data.bytes && data.at < end, `found elsewhere than at ${data.at}: ${words}`);
}

/** The apply has done what it must, or refused with its reason. */
export function assertApplied(host: DiskHost, playing: Playing): void {
  const { end, refusal } = expected(playing);
  const mounted = isMounted(host, playing);
  if (end === 'ready') assert.ok(mounted, `I4: ${playing.state}, and not mounted`);
  if (end === 'untouched') assert.ok(!mounted, 'I1: mounted');
  if (!mounted && !mayBeBegun(playing)) assertSame(playing);
  if (refusal !== undefined) assert.match(playing.said, refusal, 'I10: refused for another reason');
}

/** Our own work that is finished where a sector is in nobody's way may be stopped by it. */
function mayBeBegun({ drawn }: Playing): boolean {
  return drawn.class === 'unfinished' && drawn.fault === 'unreadable sector';
}

/** I1, I3, I9: nothing was written, to the disk, to what took its place, or to what has its name. */
function assertSame({ disk, file, before, newcomer, twin, drawn }: Playing): void {
  const now = newcomer === undefined ? flushedHashOf({ file, device: disk.device }) : hashOf({ file });
  assert.equal(now, before, 'I1: written to');
  for (const zero of [newcomer, twin])
    if (zero !== undefined)
      assert.equal(flushedHashOf(zero), hashOfZeros(drawn.sizeBytes), `I9: ${zero.file} was written to`);
}

/** I1: what was refused is as it was, after all that the other disks of the host were made into. */
export function hashAgain(cases: readonly Playing[]): void {
  for (const each of cases) if (!each.used && !mayBeBegun(each)) attempt(each, () => assertSame(each));
}

/** I5, I8: what was ready has what was on it, and where there is no disk nobody can write. */
export function useThem(host: DiskHost, cases: readonly Playing[]): void {
  for (const each of cases)
    attempt(each, () => {
      const { drawn, point } = each;
      each.used = isMounted(host, each);
      if (each.used) {
        if (drawn.class === 'ready')
          assert.equal(host.output(`cat ${point}/file`), 'precious\n', 'I5: what was there');
        else host.output(`echo precious >${point}/file`);
        return;
      }
      // A plan of another boot, or one that has heard nothing, does nothing at all.
      if (drawn.fault === 'answer cut' || drawn.fault === 'host booted after the plan') return;
      const { code } = host.run(`mkdir -p ${point}; echo lost >${point}/file`);
      assert.notEqual(code, 0, 'I8: written below the mount point');
    });
}

/** I6, I10: another plan finds nothing to do, writes nothing, and says the same. */
export function comeToRest(host: DiskHost, cases: readonly Playing[]): void {
  const devices = cases.map(({ newcomer, disk }) => (newcomer ?? disk).device.path);
  const counted = devices.map((device) => writesTo(device));
  const plans = host.planAll(cases.map(({ wanted }) => wanted));
  for (const [n, each] of cases.entries())
    attempt(each, () => {
      const { steps, diff } = plans[n] ?? assert.fail('a plan for each');
      if (each.used) {
        assert.deepEqual(diff.changes, [], 'I6: a second plan is empty');
        assert.equal(steps.length, 0);
        // A copy of the table may be where it cannot be read, or was being written when all died.
        const mayBeDegraded = ['unreadable sector', 'step killed'].includes(each.drawn.fault);
        const state = diff.disks?.[0]?.state;
        assert.ok(state === 'READY' || (mayBeDegraded && state === 'DEGRADED'), `${state} in the end`);
      } else if (each.refused && each.drawn.fault !== 'answer cut')
        assert.equal(diff.disks?.[0]?.state, each.state, 'I10: the same facts, another verdict');
      assert.equal(writesTo(devices[n] ?? ''), counted[n], 'I6: a plan has written');
    });
}
