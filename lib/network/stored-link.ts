import { dropIn, dropInsNamed, ownFile, storedFile, trialFile, type Around } from './layout.ts';
import { linkOnIfupdown } from './compare-ifupdown.ts';
import { linkOnNetplan, lowerPlaces } from './compare-netplan.ts';
import type { StoredFile } from './comparison.ts';
import type { DesiredLink } from './desired.ts';
import { ifupdownPlace } from './ifupdown-place.ts';
import { membersIn } from './ifupdown-layers.ts';
import { netplanPlace } from './netplan-place.ts';
import { joinFile, netdevFile, networkFile } from './render.ts';

/** Where all that is said of an interface is stored, of what it is made of as well, and what leaves it. */
export function storedOf(
  desired: DesiredLink,
  { device, joined }: { readonly device: string; readonly joined: readonly string[] },
  around: Around,
) {
  const seat = ifupdownPlace(device, around);
  if (seat !== undefined)
    return {
      own: linkOnIfupdown(desired, seat, joined, around),
      join: [],
      // What slab itself has joined to it so far.
      left: (membersIn(seat.own) ?? [])
        .filter((each) => !joined.includes(each))
        .map((each) => ({ device: each, file: undefined })),
    };
  const place = netplanPlace(device, around);
  const lower = lowerPlaces(joined, around);
  const left = dropInsNamed(desired.name, around).filter((each) => !joined.includes(each.device));
  // What is made of interfaces that networkd's own files are about is told to networkd, unless netplan has it already.
  if (place === undefined || (lower === undefined && place.parts.length === 0))
    return {
      own: { files: ownFiles(desired, device, around), problems: [] },
      join: joined.map((name) => dropIn(name, { id: desired.name, text: joinFile(desired) }, around)),
      left,
    };
  if (lower === undefined)
    return {
      ...{ join: [], left: [] },
      own: {
        files: [],
        problems: [
          `netplan has ${device}, and files below /etc/systemd/network have what it is made of: leave all of it to one of them`,
        ],
      },
    };
  const own = linkOnNetplan(desired, place, lower, around);
  const gone = own.files
    .map((file) => file.device)
    .filter((each) => each !== device && !joined.includes(each));
  return { own, join: [], left: [...left, ...gone.map((each) => ({ device: each, file: undefined }))] };
}

function ownFiles(desired: DesiredLink, device: string, { host }: Around): readonly StoredFile[] {
  const { name, match } = desired;
  const seen = host.links.find((link) => link.name === device);
  const netdev = netdevFile(desired);
  const base = ownFile(name);
  // A bond, a VLAN and a bridge have the MAC of what they are made of. Only the card has it for good; a veth has none for good.
  const isCard = seen?.kind === '';
  const finds =
    match === undefined
      ? ([['Name', device]] as const)
      : ([
          [isCard ? 'PermanentMACAddress' : 'MACAddress', match.mac],
          ['Kind', isCard || match.mac === undefined ? undefined : seen?.kind],
          ['Path', match.path],
        ] as const);
  return [
    ...(netdev === undefined
      ? []
      : [
          storedFile(host, {
            ...{ path: ownFile(name, 'netdev'), want: netdev, device, base: '' },
            trial: trialFile(name, 'netdev'),
          }),
        ]),
    storedFile(host, { path: base, want: networkFile(desired, finds), device, trial: trialFile(name), base }),
  ];
}
