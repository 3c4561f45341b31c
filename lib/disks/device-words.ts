import type { DiskView } from '../model/disk-view.ts';
import type { HostRecords } from '../model/records.ts';
import type { DeviceVerdict } from './device-verdict.ts';

/** Why nothing is done with a device, in words for a person: what was seen, and the way on. */
export function refusalOf(name: string, verdict: DeviceVerdict, { host }: HostRecords): string {
  const { state, evidence } = verdict;
  return [
    `${name}: ${state}: ${evidence.join('; ').replace(/\.$/, '')}. Nothing was written.`,
    wayOn(state, verdict.device?.serial, host),
  ]
    .filter((word) => word !== '')
    .join(' ');
}

/** What a person can do about a device whose content is somebody's; empty when that is not the matter. */
export function wayOn(state: string, serial: string | undefined, host: string): string {
  if (!['OCCUPIED', 'CHANGED', 'RETIRED', 'FOREIGN'].includes(state) || serial === undefined) return '';
  return serial === ''
    ? 'It has no id of its own that an approval could name: empty it by hand if nobody needs it.'
    : `To give up what is on it: slab disk show ${host} ${serial}`;
}

/** The line of a device in the plan's picture of its host; none for one that is not there yet. */
export function deviceView(name: string, verdict: DeviceVerdict, words: string): DiskView | undefined {
  const { device, state, action, evidence } = verdict;
  if (device === undefined || state === 'PROMISED') return undefined;
  const { make, refuse } = { make: action.do === 'make', refuse: action.do === 'refuse' };
  return {
    ...{
      slot: '',
      serial: device.serial || device.block.name,
      sizeBytes: device.block.sizeBytes ?? 0,
      state,
    },
    ...{ action: make ? 'format' : refuse ? 'refused' : 'none', role: name, mount: '' },
    words: make
      ? [...(action.do === 'make' && action.mode === 'settle' ? [] : [words]), ...evidence]
      : refuse
        ? [...evidence, 'left alone']
        : ['no change'],
  };
}
