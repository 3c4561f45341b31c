import { groupKey } from '../../lib/plan/group.ts';
import type { Action, Change, Risk } from '../../lib/model/change.ts';
import type { Json } from '../../lib/model/json.ts';
import type { HostPlan, Plan, PlannedChunk } from '../../lib/model/plan.ts';
import type { ChunkKey } from '../../lib/model/state.ts';

/** One change with the usual fields filled in. */
function change(object: string, field: string, rest: Partial<Change> = {}): Change {
  return {
    object,
    field,
    action: 'update',
    before: null,
    after: null,
    risk: 'change',
    certainty: 'exact',
    ...rest,
  };
}

/** A change of one value. */
export function setting(object: string, field: string, before: Json, after: Json): Change {
  return change(object, field, { before, after });
}

/** A restart or reload that other changes trigger. */
function refresh(object: string, field: 'restart' | 'reload', risk: Risk = 'disrupt'): Change {
  return change(object, field, { action: 'restart', risk });
}

/** A text that replaces another. */
export function contents(object: string, before: string | null, after: string | null): Change {
  const action: Action = before === null ? 'create' : after === null ? 'remove' : 'update';
  return change(object, 'contents', { action, text: { before, after, hidden: false } });
}

/** One planned state; `act` when it has changes, else in sync. */
export function chunk(
  fun: string,
  name: string,
  place: string,
  rest: Partial<PlannedChunk> = {},
): PlannedChunk {
  const [file = '', line = '1'] = place.split(':');
  const changes = rest.changes ?? [];
  return {
    key: `${fun}_|-${name}` as ChunkKey,
    function: fun,
    id: name,
    name,
    sls: file.replace('.sls', ''),
    source: { file: `states/${file}`, line: Number(line), column: 3 },
    verdict: changes.length > 0 || rest.refresh ? 'act' : 'none',
    changes,
    risk: 'change',
    problems: [],
    notes: [],
    ...rest,
  };
}

/** The plan of one host. */
export function hostPlan(host: string, chunks: readonly PlannedChunk[]): HostPlan {
  return { host, chunks, group: groupKey(chunks, [host]) };
}

/** A plan of these hosts; all of them were read. */
export function planOf(hosts: readonly HostPlan[], rest: Partial<Plan> = {}): Plan {
  return {
    format: 'slab.plan/1',
    environment: 'prod',
    madeAt: '2026-11-23T10:20:00.000Z',
    targeted: hosts.length + (rest.unread?.length ?? 0),
    hosts,
    unread: [],
    durationMs: 1900,
    ...rest,
  };
}

/** So many states in sync. */
export function inSync(count: number): readonly PlannedChunk[] {
  return Array.from({ length: count }, (_, i) =>
    chunk('file.managed', `/etc/same/${i}`, `base.sls:${i + 1}`),
  );
}

/** `web001` … */
export function names(prefix: string, from: number, to: number, width = 3): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, i) => prefix + String(from + i).padStart(width, '0'));
}

const NGINX = 'user www-data;\nworker_processes 4;\npid /run/nginx.pid;\n';

export const nginxConf = chunk('file.managed', '/etc/nginx/nginx.conf', 'nginx.sls:8', {
  changes: [contents('file:/etc/nginx/nginx.conf', NGINX, NGINX.replace('4;', '8;'))],
});
export const nginxService = chunk('service.running', 'nginx', 'nginx.sls:14', {
  refresh: refresh('service:nginx', 'restart'),
  risk: 'disrupt',
  because: '/etc/nginx/nginx.conf changes',
});
export const somaxconn = chunk('sysctl.present', 'net.core.somaxconn', 'base.sls:22', {
  changes: [setting('sysctl:net.core.somaxconn', 'value', 128, 4096)],
});
export const sshConf = chunk('file.managed', '/etc/ssh/sshd_config.d/10-slab.conf', 'ssh.sls:5', {
  changes: [
    contents(
      'file:/etc/ssh/sshd_config.d/10-slab.conf',
      '# slab\nPasswordAuthentication yes\n',
      '# slab\nPasswordAuthentication no\n',
    ),
    setting('file:/etc/ssh/sshd_config.d/10-slab.conf', 'mode', '0644', '0600'),
  ],
  refresh: { ...refresh('service:ssh', 'reload'), why: 'kept only if slab can log in again within 60 s' },
  risk: 'disrupt',
});
export const kernel = chunk('pkg.installed', 'linux-image-amd64', 'base.sls:31', {
  changes: [change('pkg:linux-image-amd64', 'version', { action: 'create', after: '6.1.112-1' })],
  notes: ['the host needs a reboot to use it'],
});
export const mount = chunk('mount.mounted', '/srv/data', 'disk.sls:9', {
  verdict: 'maybe',
  changes: [change('mount:/srv/data', 'device', { certainty: 'provisional' })],
  because: 'the UUID is known once the partition exists',
});
export const mkfs = chunk('blockdev.formatted', '/dev/disk/by-id/nvme-S5H9', 'disk.sls:3', {
  changes: [
    change('blockdev:/dev/disk/by-id/nvme-S5H9', 'filesystem', {
      action: 'create',
      before: 'ext4 "old-data"',
      after: 'xfs',
      risk: 'destroy',
      why: '1.9 TB, holds ext4 "old-data"',
    }),
  ],
  risk: 'destroy',
});
export const broken = chunk('service.running', 'nginxx', 'web.sls:4', {
  verdict: 'fail',
  problems: ['the unit nginxx.service does not exist'],
});

/** Three hosts, two groups, one thing unknown. */
export const threeHosts: Plan = planOf([
  hostPlan('web01', [...inSync(47), nginxConf, nginxService, somaxconn]),
  hostPlan('web02', [...inSync(47), nginxConf, nginxService, somaxconn]),
  hostPlan('web03', [...inSync(48), nginxConf, nginxService, somaxconn, sshConf, kernel, mount]),
]);

/** Three hundred hosts of which three were not read, one loses data, one cannot work, and 23 are in sync. */
export const fleet: Plan = planOf(
  [
    ...names('web', 1, 213)
      .filter((host) => host !== 'web077')
      .map((host) => hostPlan(host, [...inSync(3), nginxConf, nginxService, somaxconn])),
    ...names('db', 1, 60).map((host) => hostPlan(host, [...inSync(3), somaxconn])),
    hostPlan('db61', [...inSync(3), somaxconn, mkfs, mount]),
    hostPlan('lb24', [...inSync(3), broken]),
    ...names('lb', 1, 23, 2).map((host) => hostPlan(host, inSync(4))),
  ],
  {
    durationMs: 18_600,
    unread: [
      {
        host: 'web077',
        code: 'SLAB3301',
        reason: 'no answer from 10.0.4.77:22 for 10 s',
        fix: 'ssh -v 10.0.4.77',
      },
      { host: 'db62', code: 'SLAB3302', reason: 'the key deploy@laptop was rejected' },
      { host: 'db63', code: 'SLAB3302', reason: 'the key deploy@laptop was rejected' },
    ],
  },
);
