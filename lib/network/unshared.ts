import { bareAddress, isAlone, isLinkLocal } from './address.ts';
import type { Desired, DesiredLink } from './desired.ts';

/** What only one host of an environment can have: the address, in words and for comparing. */
interface Own {
  readonly key: string;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/**
 * Addresses and cards that only one host can have. Not an address without a network around it, of the loopback or of a
 * dummy, which many hosts announce; nor that of a bridge that joins nothing, which no other host sees; nor what says
 * `check_duplicate: False`.
 */
export function ownOf(desired: Desired): readonly Own[] {
  if (desired.is !== 'link') return [];
  const { addresses, match, name } = desired;
  const mac = match?.mac;
  return [
    ...(isSeenByOthers(desired) ? addresses : [])
      .filter((address) => !isAlone(address) && !isLinkLocal(address))
      .map(bareAddress)
      .map((address) => ({
        key: `address ${address}`,
        what: `the address ${address}`,
        why: 'each of them would take the packets of the others',
        fix: 'give each its own, from its pillar or grains; one that is meant for several says "check_duplicate: False"',
      })),
    ...(mac === undefined
      ? []
      : [
          {
            key: `mac ${mac}`,
            what: `the card ${mac}`,
            why: 'a card is in one machine',
            fix: `correct the match of ${name} on one of them`,
          },
        ]),
  ];
}

function isSeenByOthers({ name, kind, bridge, checkDuplicate }: DesiredLink): boolean {
  return (
    checkDuplicate && !/^(lo|dummy\d*)$/.test(name) && !(kind === 'bridge' && bridge?.ports.length === 0)
  );
}
