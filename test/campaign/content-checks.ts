import assert from 'node:assert/strict';
import type { DiskHost } from '../support/disk-host.ts';
import type { Examined } from '../support/observe-case.ts';
import { flushedHashOf, hashOf, hashOfZeros } from '../support/storage/image-hash.ts';
import { needsApproval } from './content-cases.ts';
import { attempt, type Playing } from './playing.ts';
import { isMounted, writesTo } from './slot.ts';

/** I1, I3, I9: nothing was written, to the disk or to what took its place, and nothing is mounted that is not ours. */
export function assertUntouched(host: DiskHost, playing: Playing): void {
  const mounted = isMounted(host, playing);
  if (mayBeFinished(playing)) return;
  if (needsApproval(playing.drawn)) assert.ok(!mounted, 'mounted what is not ours');
  // What is ready may be mounted all the same, and a mount may write.
  if (mounted) assert.equal(playing.drawn.content, 'own, ready', 'mounted what was not ready');
  else assertSame(playing);
}

/** What is our own work anyway is finished where the sector is in nobody's way. */
function mayBeFinished({ drawn }: Playing): boolean {
  return drawn.content === 'own, cut short' && drawn.fault === 'unreadable sector';
}

function assertSame({ disk, file, expected, newcomer, twin, drawn }: Playing): void {
  const now = newcomer === undefined ? flushedHashOf({ file, device: disk.device }) : hashOf({ file });
  assert.equal(now, expected, 'I1: written to');
  for (const zero of [newcomer, twin])
    if (zero !== undefined)
      assert.equal(flushedHashOf(zero), hashOfZeros(drawn.sizeBytes), `I9: ${zero.file} was written to`);
}

/** I1: what was refused is as it was, after all that the other disks of the host were made into. */
export function hashAgain(cases: readonly Playing[]): void {
  for (const each of cases)
    if (each.end === 'refused' && !mayBeFinished(each)) attempt(each, () => assertSame(each));
}

/** I5, I8: what was ready has what was on it, and where there is no disk nobody can write. */
export function useThem(host: DiskHost, cases: readonly Playing[]): void {
  for (const each of cases)
    attempt(each, () => {
      const { drawn, point } = each;
      const { content, fault } = drawn;
      if (isMounted(host, each)) {
        each.end = content === 'own, ready' ? 'kept' : 'formatted';
        if (each.end === 'kept')
          assert.equal(host.output(`cat ${point}/file`), 'precious\n', 'I5: what was there');
        else host.output(`echo precious >${point}/file`);
        return;
      }
      // A plan of another boot, or one that has heard nothing, does nothing at all.
      if (fault === 'answer cut' || fault === 'host booted after the plan') return;
      const { code } = host.run(`mkdir -p ${point}; echo lost >${point}/file`);
      assert.notEqual(code, 0, 'I8: written below the mount point');
    });
}

/** I6, I10: another plan finds nothing to do, writes nothing, and says the same. */
export function comeToRest(host: DiskHost, cases: readonly Playing[], before: readonly Examined[]): void {
  const devices = cases.map(({ newcomer, disk }) => (newcomer ?? disk).device.path);
  const counted = devices.map((device) => writesTo(device));
  const plans = host.planAll(cases.map(({ wanted }) => wanted));
  cases.forEach((each, n) =>
    attempt(each, () => {
      const [was, is] = [before[n]?.diff.disks?.[0], plans[n]?.diff.disks?.[0]];
      if (each.end === 'refused') {
        const { fault } = each.drawn;
        const same = was?.action === 'refused' && fault !== 'answer cut' && each.newcomer === undefined;
        if (same) assert.equal(is?.state, was.state, 'I10: the same facts, another verdict');
      } else {
        const { steps, diff } = plans[n] ?? assert.fail('a plan for each');
        assert.deepEqual(diff.changes, [], 'I6: a second plan is empty');
        assert.equal(steps.length, 0);
      }
      assert.equal(writesTo(devices[n] ?? ''), counted[n], 'I6: a plan has written');
    }),
  );
}
