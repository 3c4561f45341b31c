import { observeStorage } from '../../disks/device-looks.ts';
import { contentKeys, deviceKeys } from '../../disks/prospects.ts';
import { factsScript } from '../../disks/scripts.ts';
import { defineKind } from '../define-kind.ts';
import { placeOf, type MountDeclared } from './declared.ts';
import { diffMounted } from './diff-mounted.ts';
import { diffSwap } from './diff-swap.ts';
import { diffUnmounted } from './diff-unmounted.ts';
import { functions } from './functions.ts';
import { deepenMounts, observeMountsDeeper, type MountObserved } from './observe.ts';
import { parseMount } from './parse.ts';
import { stepsOfMount } from './steps.ts';

/** `mount.*`: what is mounted, and what the next boot will mount. */
export const mount = defineKind<MountDeclared, MountObserved>({
  name: 'mount',
  summary: 'mounts and swap, now and at the next boot',
  functions,
  parse: parseMount,
  identify: objectsOf,
  needs: needsOf,
  probe: () => factsScript,
  observe: observeStorage,
  deepen: deepenMounts,
  observeDeeper: observeMountsDeeper,
  diff: (declared, observed, prospect) =>
    declared.fun === 'swap'
      ? diffSwap(declared, observed, prospect)
      : 'options' in declared
        ? diffMounted(declared, observed, prospect)
        : diffUnmounted(declared, observed),
  steps: stepsOfMount,
});

function objectsOf(declared: MountDeclared): readonly string[] {
  if (declared.fun === 'swap') return [`swap:${declared.device}`];
  const { live, persist } = declared;
  const name = placeOf(declared);
  return [...(live ? [`mount:${name}#live`] : []), ...(persist ? [`mount:${name}#fstab`] : [])];
}

/** The device and what is on it, the mounts above the point, and the directory itself. */
function needsOf(declared: MountDeclared): readonly string[] {
  const { device } = declared;
  const onDevice =
    device.startsWith('/dev/') || device.includes('=') ? [...deviceKeys(device), ...contentKeys(device)] : [];
  if (declared.fun === 'swap')
    return [...onDevice, `file:${device}`].filter((key) => !key.startsWith('file:/dev/'));
  if (!('options' in declared)) return [];
  const { point, kind, mkmnt } = declared;
  const bound = kind === 'bind' ? [device, ...above(device)] : [];
  return [
    ...onDevice,
    ...[...above(point), ...bound].map((path) => `mount:${path}#live`),
    ...(mkmnt ? [] : [`file:${point}`]),
    ...(kind === 'bind' ? [`file:${device}`] : []),
  ];
}

function above(point: string): readonly string[] {
  const parts = point.split('/').slice(1, -1);
  return parts.map((_, at) => `/${parts.slice(0, at + 1).join('/')}`);
}
