import type { Kind } from '../model/resource.ts';
import { blockdev } from './blockdev/kind.ts';
import { cmd } from './cmd/kind.ts';
import { cron } from './cron/kind.ts';
import { disk } from './disk/kind.ts';
import { file } from './file/kind.ts';
import { filesystem } from './filesystem/kind.ts';
import { group } from './group/kind.ts';
import { host } from './host/kind.ts';
import { kmod } from './kmod/kind.ts';
import { luks } from './luks/kind.ts';
import { lvm } from './lvm/kind.ts';
import { module } from './module/kind.ts';
import { mount } from './mount/kind.ts';
import { network } from './network/kind.ts';
import { ntp } from './ntp/kind.ts';
import { partition } from './partition/kind.ts';
import { nftables } from './nftables/kind.ts';
import { pkg } from './pkg/kind.ts';
import { pkgrepo } from './pkgrepo/kind.ts';
import { raid } from './raid/kind.ts';
import { service } from './service/kind.ts';
import { sshAuth } from './ssh_auth/kind.ts';
import { sysctl } from './sysctl/kind.ts';
import { system } from './system/kind.ts';
import { test } from './test/kind.ts';
import { timezone } from './timezone/kind.ts';
import { user } from './user/kind.ts';

export { findConflicts } from './conflicts.ts';
export { declareChunk } from './declare.ts';
export { isConditional } from './global-arguments.ts';
export { templateRequest } from './file/template-request.ts';
export { findOwners } from './ownership.ts';
export { slsSchema } from './sls.schema.ts';
export { unknownArguments } from './unknown-arguments.ts';

const all: readonly Kind[] = [
  disk,
  partition,
  raid,
  lvm,
  luks,
  blockdev,
  mount,
  filesystem,
  file,
  pkg,
  pkgrepo,
  service,
  user,
  group,
  sshAuth,
  kmod,
  sysctl,
  system,
  timezone,
  host,
  cron,
  nftables,
  network,
  ntp,
  cmd,
  module,
  test,
];

/** Every kind of resource slab knows, by the name of its state module. */
export const kinds: ReadonlyMap<string, Kind> = new Map(all.map((kind) => [kind.name, kind]));
