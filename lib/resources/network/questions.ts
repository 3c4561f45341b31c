import type { Comparison } from '../../network/comparison.ts';
import { bareAddress, familyOf } from '../../network/address.ts';
import type { Script } from '../../model/script.ts';
import { sh } from '../../shell/sh.ts';

/** What a person is told, and what must answer before it counts. */
export interface Asked {
  readonly title: string;
  readonly gateways: readonly string[];
  readonly peers: readonly string[];
  readonly mtu: number | undefined;
  /** The bond whose switch must speak LACP. */
  readonly partner: boolean;
}

/** Whether all is as it shall be, and who has to answer does. */
export function questions(seen: Comparison, asked: Asked): readonly Script[] {
  const { device } = seen;
  return [
    sh`slab_net_all ${seen.expected.flat()} || { echo "$fault"; exit 1; }`,
    ...asked.gateways.map(
      (gateway) =>
        sh`slab_net_answers ${device} ${gateway} || { echo ${`the gateway ${gateway} does not answer`}; exit 1; }`,
    ),
    ...peersAnswer(seen, asked),
    ...(asked.partner ? [sh`slab_net_partner ${device} 1`] : []),
  ];
}

/** Who has to answer, at full size of packets. */
export function peersAnswer({ device }: Comparison, { peers, mtu }: Asked): readonly Script[] {
  return peers.map((peer) => {
    const size = mtu === undefined ? [] : [String(mtu - (familyOf(peer) === 4 ? 28 : 48))];
    const why = `${peer} does not answer${mtu === undefined ? '' : ` packets of ${mtu} bytes`}`;
    return sh`slab_net_answers ${device} ${peer} ${size} || { echo ${why}; exit 1; }`;
  });
}

/** That nobody else has its new addresses. */
export function areFree({ fresh, device }: Comparison): readonly Script[] {
  return fresh.map((address) => {
    const bare = bareAddress(address);
    return sh`slab_net_free ${device} ${bare} || { echo ${`somebody else has the address ${bare} already`}; exit 1; }`;
  });
}
