import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkScript, editedFile, large, renderApp, small, type Workload } from './workload.ts';

/**
 * Writes what a measurement needs into a folder: `make-bench.ts DIRECTORY HOST…`.
 * DIRECTORY/<load>/pillar for slab, DIRECTORY/<load>/<host>.check and DIRECTORY/<load>/<host>.files/ for the floors.
 */
const [directory = '', ...hosts] = process.argv.slice(2);

function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

function applyScript(work: Workload): string {
  const edits = [...new Set(work.lines.map((line) => line.path))].map((path) => {
    const commands = work.lines
      .filter((line) => line.path === path)
      .map((line) => `s/^#\\{0,1\\}${line.key} = .*/${line.line}/`)
      .join(';');
    return `sed -i '${commands}' ${path}`;
  });
  return [
    'set -e',
    ...work.users.map((user) => `getent group ${user.name} >/dev/null || groupadd ${user.name}`),
    ...work.users.map(
      (user) =>
        `getent passwd ${user.name} >/dev/null || useradd -g ${user.name} -m -d ${user.home} -s ${user.shell} ${user.name}`,
    ),
    'tar -xpf - -C /',
    ...edits,
    '',
  ].join('\n');
}

for (const work of [small, large]) {
  const folder = join(directory, work.name);
  write(join(folder, 'pillar', 'top.sls'), "base:\n  '*':\n    - load\n");
  write(join(folder, 'pillar', 'load.sls'), `load: ${JSON.stringify(work)}\n`);
  write(join(folder, 'apply.sh'), applyScript(work));
  for (const host of hosts) {
    write(join(folder, `${host}.check`), checkScript(host, work));
    const manifest: string[] = [];
    for (const path of work.directories) manifest.push(`d 0755 root ${path}`);
    for (const file of work.files) {
      write(join(folder, `${host}.root`, file.path), renderApp(host, file));
      manifest.push(`f ${file.mode} ${file.owner} ${file.path}`);
    }
    for (const link of work.links) manifest.push(`l ${link.target} root ${link.path}`);
    write(join(folder, `${host}.manifest`), `${manifest.join('\n')}\n`);
  }
  for (const n of [...new Set(work.lines.map((line) => line.path))].keys()) {
    write(join(folder, 'edit', `conf-${n}.conf`), editedFile(n));
  }
}
