import { createHash } from 'node:crypto';

/** One file of a workload; the template in tree/states/app.conf.j2 and `renderApp` below write the same bytes. */
interface AppFile {
  readonly id: string;
  readonly path: string;
  readonly owner: string;
  readonly mode: string;
  readonly port: number;
  readonly workers: number;
  readonly debug: boolean;
  readonly peers: readonly string[];
  readonly settings: readonly string[];
}

/** What one host shall be, in words that belong to no tool. */
export interface Workload {
  readonly name: string;
  readonly users: readonly { readonly name: string; readonly home: string; readonly shell: string }[];
  readonly packages: readonly string[];
  readonly directories: readonly string[];
  readonly files: readonly AppFile[];
  readonly links: readonly { readonly path: string; readonly target: string }[];
  readonly lines: readonly { readonly path: string; readonly key: string; readonly line: string }[];
}

interface Size {
  readonly directories: number;
  readonly files: number;
  readonly links: number;
  readonly users: readonly string[];
  readonly packages: readonly string[];
  readonly lines: number;
  readonly edited: number;
}

const range = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i);
const pad = (n: number, width: number): string => String(n).padStart(width, '0');

function makeWorkload(name: string, size: Size): Workload {
  const directories = range(size.directories).map((i) => `/srv/app/d${pad(i, 2)}`);
  const owners = size.users.length > 0 ? ['root', ...size.users] : ['root', 'www-data'];
  return {
    name,
    users: size.users.map((user) => ({ name: user, home: `/home/${user}`, shell: '/bin/bash' })),
    packages: size.packages,
    directories,
    files: range(size.files).map((i) => ({
      id: `f${pad(i, 3)}`,
      path: `${directories[i % directories.length] ?? ''}/f${pad(i, 3)}.conf`,
      owner: owners[i % owners.length] ?? 'root',
      mode: i % 2 === 1 ? '0640' : '0644',
      port: 8000 + i,
      workers: 2 + (i % 6),
      debug: i % 3 === 0,
      peers: range(1 + (i % 4)).map((j) => `n${pad(j, 2)}`),
      settings: range(40).map((j) => `opt${pad(j, 2)}=v${pad((i * 7 + j) % 100, 2)}`),
    })),
    links: range(size.links).map((i) => ({ path: `/srv/app/link${i}`, target: directories[i] ?? '' })),
    lines: range(size.lines).map((i) => {
      const key = `key_${pad(Math.floor(i / size.edited) * 3, 2)}`;
      return { path: `/srv/edit/conf-${i % size.edited}.conf`, key, line: `${key} = value-${i}` };
    }),
  };
}

/** 47 resources: packages that are there already, users, groups, directories, templated files, links, line edits. */
export const small = makeWorkload('small', {
  directories: 10,
  files: 20,
  links: 3,
  users: ['app1', 'app2'],
  packages: ['sudo', 'procps', 'iproute2', 'openssh-server', 'openssh-client'],
  lines: 5,
  edited: 5,
});

/** 400 resources: directories, templated files, line edits. */
export const large = makeWorkload('large', {
  directories: 50,
  files: 300,
  links: 0,
  users: [],
  packages: [],
  lines: 50,
  edited: 10,
});

/** The text of a file before any line of it was edited. */
export function editedFile(n: number): string {
  return `# sample settings ${n}\n${range(20)
    .map((j) => `#key_${pad(j, 2)} = default\n`)
    .join('')}`;
}

/** What the template writes for one file on one host. */
export function renderApp(host: string, file: AppFile): string {
  return `# Managed file ${file.id} of ${host}; edits are lost.
[server]
name = ${host}-${file.id}
listen = 0.0.0.0:${file.port}
workers = ${file.workers}
log_level = ${file.debug ? 'debug' : 'info'} # level
peers = ${file.peers.map((peer) => `${peer}.example.net:${file.port},`).join('')} # all
data_dir = /srv/app/data/${file.id}

[limits]
max_connections = ${file.workers * 64}
max_body = ${Math.floor(file.port / 10)}k
timeout = 30s
${file.settings.join(' ')}

[tls]
certificate = /etc/ssl/${host}/cert.pem
key = /etc/ssl/${host}/key.pem
protocols = TLSv1.2 TLSv1.3
# end of file ${file.id}
`;
}

/** The hand-written check of a host: what a person would write who wants nothing but speed. */
export function checkScript(host: string, work: Workload): string {
  const sums = work.files.map(
    (file) => `${createHash('sha256').update(renderApp(host, file)).digest('hex')}  ${file.path}`,
  );
  const stats = [
    ...work.directories.map((path) => ({ path, want: `755 root:root ${path}` })),
    ...work.files.map((file) => ({
      path: file.path,
      want: `${file.mode.slice(1)} ${file.owner}:${file.owner} ${file.path}`,
    })),
  ];
  const lines = ['fail() { echo "DIFF $*"; bad=1; }', 'bad=0', 'T=$(mktemp)'];
  lines.push("sha256sum -c --quiet <<'E' || fail sums", ...sums, 'E');
  lines.push("xargs stat -c '%a %U:%G %n' >$T <<'E' || fail stat", ...stats.map((each) => each.path), 'E');
  lines.push("cmp -s $T - <<'E' || fail attributes", ...stats.map((each) => each.want), 'E', 'rm -f $T');
  for (const link of work.links)
    lines.push(`[ "$(readlink ${link.path})" = ${link.target} ] || fail ${link.path}`);
  if (work.users.length > 0) {
    const names = work.users.map((user) => user.name).join(' ');
    const want = work.users.map((user) => `${user.name}:${user.home}:${user.shell}\\n`).join('');
    lines.push(`getent group ${names} >/dev/null || fail groups`);
    lines.push(`[ "$(getent passwd ${names} | cut -d: -f1,6,7)" = "$(printf '${want}')" ] || fail users`);
  }
  if (work.packages.length > 0) {
    lines.push(
      `[ "$(dpkg-query -W -f '\${db:Status-Abbrev}\\n' ${work.packages.join(' ')} | grep -c '^ii')" = ${work.packages.length} ] || fail packages`,
    );
  }
  for (const path of new Set(work.lines.map((line) => line.path))) {
    const wanted = work.lines.filter((line) => line.path === path).map((line) => line.line);
    lines.push(
      `[ "$(grep -cxF -f - ${path} <<'E'`,
      ...wanted,
      'E',
      `)" = ${wanted.length} ] || fail ${path}`,
    );
  }
  return [...lines, '[ $bad = 0 ] && echo OK', ''].join('\n');
}
