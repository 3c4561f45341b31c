import assert from 'node:assert/strict';
import type { SectionResult } from '../../lib/model/script.ts';
import { factsScript } from '../../lib/disks/scripts.ts';
import type { DiskHost } from '../support/disk-host.ts';
import type { Playing } from './playing.ts';

/** Lets slab make what is its own, and with it somebody's file. */
export function fillWithOwn(host: DiskHost, cases: readonly Playing[]): void {
  const mine = host.records;
  // Nobody is tested yet: what one of them makes on its disk changes nothing of what the others have to know.
  let facts: SectionResult | undefined;
  const once = (script: string, answer: () => SectionResult) =>
    script === factsScript.text ? (facts ??= answer()) : answer();
  const make = (chosen: readonly Playing[], more: Readonly<Record<string, string>> = {}): void => {
    if (chosen.length === 0) return;
    const asked = chosen.map(({ wanted }) => ({ ...wanted, ...more }));
    const plans = host.planAll(asked, ['sh'], once);
    chosen.forEach(({ drawn, random, point }, n) => {
      const cut = drawn.content === 'own, cut short';
      if (cut)
        host.killAt({ tool: random.pick(['partx', `mkfs.${drawn.filesystem}`, 'mv', 'umount']), nth: 1 });
      const { codes, said } = host.runSteps(plans[n]?.steps ?? []);
      if (cut) host.killNoMore();
      else
        assert.ok(
          codes.every((code) => code === 0),
          said,
        );
      if (!cut) host.output(`echo precious >${point}/file; umount ${point}`);
    });
  };
  const with_ = (content: string) => cases.filter(({ drawn }) => drawn.content === content);
  make([...with_('own, ready'), ...with_('own, cut short')]);
  host.records = { ...mine, host: 'storage-99' };
  make(with_('of another host'));
  host.records = mine;
  for (const each of with_('of another role')) make([each], { role: 'scratch' });
  host.boot();
}
