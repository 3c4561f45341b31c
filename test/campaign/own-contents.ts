import assert from 'node:assert/strict';
import type { HostRecords } from '../../lib/model/records.ts';
import type { SectionResult } from '../../lib/model/script.ts';
import { factsScript } from '../../lib/disks/scripts.ts';
import type { DiskHost } from '../support/disk-host.ts';
import { agreeTo, askFacts } from './approval.ts';
import { killedNothing } from './faults.ts';
import type { Playing } from './playing.ts';

/** What slab makes before a case begins, by what the case finds on its disk. */
const MAKINGS: readonly {
  readonly content: string;
  readonly cut?: true;
  readonly approved?: true;
  readonly records?: Partial<HostRecords>;
  readonly args?: Readonly<Record<string, string>>;
}[] = [
  { content: 'own, ready' },
  { content: 'own, cut short', cut: true },
  { content: 'own, ready after an approval', approved: true },
  { content: 'own, cut short after an approval', approved: true, cut: true },
  { content: 'of another host', records: { host: 'storage-99' } },
  { content: 'of another role', args: { role: 'scratch' } },
];

/** Whatever the case itself declares. */
const PLAIN = { when_blank: 'format', proof: 'sampled' } as const;

/** Lets slab make what is its own, and with it somebody's file. */
export function fillWithOwn(host: DiskHost, cases: readonly Playing[]): void {
  const mine = host.records;
  // Nobody is tested yet: what one of them makes on its disk changes nothing of what the others have to know.
  let facts: SectionResult | undefined;
  const once = (script: string, answer: () => SectionResult) =>
    script === factsScript.text ? (facts ??= answer()) : answer();
  for (const { content, cut, approved, records, args } of MAKINGS) {
    const chosen = cases.filter(({ drawn }) => drawn.content === content);
    if (chosen.length === 0) continue;
    host.records = { ...mine, ...records };
    if (approved === true) {
      const serials = chosen.map(({ serial }) => serial);
      const agreed = agreeTo(host, (facts ??= askFacts(host)), { serials, kept: [] });
      host.records = { ...host.records, approvals: [...agreed.values()].map(({ approval }) => approval) };
    }
    // Of another role only one disk at a time has a place.
    const runs = args === undefined ? [chosen] : chosen.map((each) => [each]);
    for (const run of runs) {
      const plans = host.planAll(
        run.map(({ wanted }) => ({ ...wanted, ...PLAIN, ...args })),
        ['sh'],
        once,
      );
      run.forEach((playing, n) => make(host, playing, { steps: plans[n]?.steps ?? [], cut: cut === true }));
    }
  }
  host.records = mine;
  host.boot();
}

function make(
  host: DiskHost,
  playing: Playing,
  { steps, cut }: { readonly steps: Parameters<DiskHost['runSteps']>[0]; readonly cut: boolean },
): void {
  const { drawn, random, point } = playing;
  const tool = random.pick(['partx', `mkfs.${drawn.filesystem}`, 'mv', 'umount']);
  if (cut) host.killAt({ tool, nth: 1 });
  const { codes, said } = host.runSteps(steps);
  if (cut) {
    assert.equal(killedNothing(host, { tool, nth: 1, during: false }), undefined, said);
    playing.said = `cut short before ${tool}\n`;
  } else {
    assert.ok(codes.length > 0 && codes.every((code) => code === 0), said);
    host.output(`echo precious >${point}/file; umount ${point}`);
  }
}
