import type { StoredFile } from '../../network/comparison.ts';
import { isNetplan } from '../../network/netplan-place.ts';
import type { Script } from '../../model/script.ts';
import { scriptFile } from '../../shell/script-file.ts';
import { sh } from '../../shell/sh.ts';
import { keepWants } from './wants.ts';

/** Functions that the scripts below use, with those of store.sh. */
export const netplanTools: Script = scriptFile(import.meta.url, './netplan.sh').text;

/** What stores files of netplan's and lets networkd have what it makes of them. */
interface NetplanScripts {
  /** Makes what netplan would make, in the folder; fails where it refuses. */
  readonly make: readonly Script[];
  /** Below /etc. */
  readonly store: readonly Script[];
  /** What is made, in force once networkd reads it. */
  readonly take: readonly Script[];
}

/** The files of netplan among those of a comparison, and those of networkd. */
export function byOwner(files: readonly StoredFile[]): {
  readonly netplan: readonly StoredFile[];
  readonly networkd: readonly StoredFile[];
} {
  return {
    netplan: files.filter(isNetplan),
    networkd: files.filter((file) => !isNetplan(file)),
  };
}

/** What keeps the wanted files of netplan's in a folder. @param folder shell text of its name. */
function wants(files: readonly StoredFile[], folder: Script): readonly Script[] {
  const once = [...new Map(files.map((file) => [file.path, file])).values()];
  return keepWants(
    once.filter(({ want, have }) => want !== null || have !== null),
    folder,
  );
}

/**
 * Files of netplan's without a trial; the folder `$kept` is there. None for hosts without netplan.
 * @param anew networkd has to read them again, whether they differ or not
 */
export function netplanPlain(all: readonly StoredFile[], anew = false): NetplanScripts {
  const { netplan: files } = byOwner(all);
  if (files.length === 0) return { make: [], store: [], take: [] };
  return {
    make: [
      netplanTools,
      ...wants(files, sh`"$kept/yaml"`),
      sh`slab_netplan_make "$kept/netplan" "$kept/yaml" >&2 || exit 1`,
    ],
    store: [sh`slab_net_store "$kept/yaml" /etc/netplan`],
    take: [
      sh`slab_netplan_take "$kept/netplan" ${madeFor(files)}`,
      ...(anew ? [sh`touch -c -- ${allMade(files)}`] : []),
    ],
  };
}

/** Files of netplan's on trial. */
export function netplanTrial(all: readonly StoredFile[]): {
  /** After `save` of the parts before: these may be tried as well. */
  readonly save: readonly Script[];
  readonly trial: readonly Script[];
  readonly persist: readonly Script[];
  /** What is kept for a rollback. */
  readonly kept: readonly string[];
} {
  const { netplan: files } = byOwner(all);
  if (files.length === 0) return { save: [], trial: [], persist: [], kept: [] };
  const made = madeFor(files);
  return {
    save: [...wants(files, sh`"$slab_trial/yaml"`), sh`slab_netplan_prepare "$slab_trial" || exit 1`],
    trial: files.map(
      ({ base, trial, device }) => sh`slab_netplan_try "$slab_trial/netplan" ${base} ${trial} ${device}`,
    ),
    persist: [
      sh`slab_net_store "$slab_trial/yaml" /etc/netplan
of=netplan
if ! slab_netplan_was "$slab_trial/netplan"; then
  of=now
  slab_netplan_make "$slab_trial/now" || exit 1
  slab_netplan_same "$slab_trial/netplan" "$slab_trial/now" ${made} || exit 1
fi
slab_netplan_take "$slab_trial/$of" ${made}`,
    ],
    kept: allMade(files),
  };
}

function madeFor(files: readonly StoredFile[]): readonly string[] {
  return [...new Set(files.map(({ base }) => base.replace(/[^.]*$/, 'network')))];
}

function allMade(files: readonly StoredFile[]): readonly string[] {
  return madeFor(files).flatMap((file) =>
    ['network', 'netdev', 'link'].map((type) => file.replace(/[^.]*$/, type)),
  );
}
