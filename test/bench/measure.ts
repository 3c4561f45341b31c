import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseInventory } from '../../lib/inventory/parse.ts';
import { medianOf, takeIn, type Taken } from './taken.ts';
import { checkScript, editedFile, large, renderApp, small, type Workload } from './workload.ts';

/**
 * Measures slab beside the floors, A B A B … in one run, and prints medians and ratios.
 * `measure.ts DIRECTORY RUNS HOSTS…`; DIRECTORY/inventories/bench/inventory.yaml names running hosts.
 */
const [directory = '', runsText = '5', ...countTexts] = process.argv.slice(2);
const runs = Number(runsText);
const counts = countTexts.map(Number);
const here = new URL('.', import.meta.url).pathname;
const slab = join(here, '../../bin/slab');
const file = join(directory, 'inventories/bench/inventory.yaml');
const inventory = parseInventory({ file, text: readFileSync(file, 'utf8'), environment: 'bench' }).value;
if (inventory === undefined) throw new Error(`${file} cannot be read`);
const hosts = [...inventory.hosts.values()];
const [firstHost] = hosts;
const key = firstHost?.identityFile ?? '';
const knownHosts = firstHost?.knownHosts?.[0] ?? '';

const take = (command: readonly string[]): Taken => takeIn(directory, command);

function onHost(name: string, command: string, input: Buffer | string = ''): void {
  const host = inventory?.hosts.get(name);
  execFileSync(
    'ssh',
    ['-i', key, '-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'IdentitiesOnly=yes', '-o', 'LogLevel=ERROR',
      '-p', String(host?.port ?? 22), `root@${host?.address ?? name}`, command], // prettier-ignore
    { input },
  );
}

/** A tar of everything the floor unpacks on a host. */
function makeTar(host: string, work: Workload): Buffer {
  const root = join(directory, work.name, `${host}.root`);
  const owners: string[] = [];
  for (const path of work.directories) mkdirSync(join(root, path), { recursive: true });
  for (const each of work.files) {
    mkdirSync(join(root, each.path, '..'), { recursive: true });
    writeFileSync(join(root, each.path), renderApp(host, each), { mode: parseInt(each.mode, 8) });
    owners.push(`chown ${each.owner}:${each.owner} ${each.path}; chmod ${each.mode} ${each.path}`);
  }
  for (const link of work.links) execFileSync('ln', ['-sfn', link.target, join(root, link.path)]);
  writeFileSync(join(directory, work.name, `${host}.owners`), `${owners.join('\n')}\n`);
  return execFileSync('tar', ['--owner=0', '--group=0', '-C', root, '-cf', '-', '.'], { maxBuffer: 2 ** 28 });
}

function applyText(work: Workload): string {
  const edits = [...new Set(work.lines.map((line) => line.path))].map((path) => {
    const commands = work.lines
      .filter((line) => line.path === path)
      .map((line) => `s/^#\\{0,1\\}${line.key} = .*/${line.line}/`);
    return `sed -i '${commands.join(';')}' ${path}`;
  });
  return [
    'set -e',
    ...work.users.map((user) => `getent group ${user.name} >/dev/null || groupadd ${user.name}`),
    ...work.users.map(
      ({ name, home, shell }) =>
        `getent passwd ${name} >/dev/null || useradd -g ${name} -m -d ${home} -s ${shell} ${name}`,
    ),
    'tar -xpf - -C /',
    ...edits,
  ].join('\n');
}

/** Puts a host back to before anything was applied. */
function reset(name: string, work: Workload): void {
  const edited = [...new Set(work.lines.map((line) => line.path))];
  const files = edited.map((path, n) => `cat >${path} <<'E'\n${editedFile(n)}E`);
  const users = work.users.map(
    (user) => `userdel -r ${user.name} 2>/dev/null; groupdel ${user.name} 2>/dev/null; :`,
  );
  onHost(name, `rm -rf /srv/app /srv/edit; mkdir -p /srv/edit\n${users.join('\n')}\n${files.join('\n')}`);
}

function project(work: Workload): string {
  const folder = join(directory, `project-${work.name}`);
  mkdirSync(join(folder, 'inventories/bench/pillar'), { recursive: true });
  cpSync(join(here, 'tree/states'), join(folder, 'states'), { recursive: true });
  cpSync(file, join(folder, 'inventories/bench/inventory.yaml'));
  writeFileSync(join(folder, 'inventories/bench/pillar/top.sls'), "base:\n  '*':\n    - load\n");
  writeFileSync(
    join(folder, 'inventories/bench/pillar/load.sls'),
    `#!json\n${JSON.stringify({ load: work })}\n`,
  );
  return folder;
}

/** A row of the table: the same work by slab and by the floor. */
function compare(
  title: string,
  one: { readonly slab: () => Taken; readonly floor: () => Taken; readonly before?: () => void },
  bound: number,
): Taken {
  const ours: Taken[] = [];
  const theirs: Taken[] = [];
  for (let i = 0; i < runs; i++) {
    one.before?.();
    theirs.push(one.floor());
    one.before?.();
    ours.push(one.slab());
  }
  const [a, b] = [medianOf(ours), medianOf(theirs)];
  const ratio = a.wall / b.wall;
  const cells = [
    title.padEnd(34),
    `${a.wall.toFixed(2)} s`.padStart(8),
    `${b.wall.toFixed(2)} s`.padStart(8),
    `${ratio.toFixed(2)}x`.padStart(7),
    `<= ${bound}x`.padStart(9),
    `${a.cpu.toFixed(2)} s`.padStart(9),
    `${a.memory.toFixed(0)} MB`.padStart(8),
  ];
  process.stdout.write(`${cells.join(' ')}\n`);
  return a;
}

process.stdout.write(`${runs} runs each, medians; floor: node-check for plans, a tar over ssh for applies\n`);
process.stdout.write(
  `${'work'.padEnd(34)} ${'slab'.padStart(8)} ${'floor'.padStart(8)} ${'ratio'.padStart(7)} ${'aim'.padStart(9)} ${'slab CPU'.padStart(9)} ${'memory'.padStart(8)}\n`,
);

for (const work of [small, large]) {
  const folder = project(work);
  const loads = work === small ? counts : [1];
  for (const count of loads) {
    const some = hosts.slice(0, count);
    mkdirSync(join(directory, work.name), { recursive: true });
    const list = join(directory, `${work.name}-${count}.txt`);
    writeFileSync(
      list,
      some.map((host) => `${host.name} ${host.address ?? ''} ${host.port ?? 22}\n`).join(''),
    );
    for (const host of some) {
      writeFileSync(join(directory, work.name, `${host.name}.check`), checkScript(host.name, work));
    }
    const target = `L@${some.map((host) => host.name).join(',')}`;
    const words = ['-C', folder, '-t', target, '--progress', 'none'];
    const check = [
      process.execPath,
      join(here, 'node-check.mjs'),
      list,
      join(directory, work.name),
      key,
      knownHosts,
      'check',
    ];
    if (count === 1) {
      const [host] = some;
      if (host === undefined) throw new Error('no host');
      const tar = makeTar(host.name, work);
      writeFileSync(join(directory, work.name, 'floor.tar'), tar);
      const ssh = `ssh -i ${key} -o UserKnownHostsFile=${knownHosts} -o IdentitiesOnly=yes -o LogLevel=ERROR -p ${host.port ?? 22} root@${host.address ?? ''}`;
      writeFileSync(
        join(directory, work.name, 'floor.sh'),
        `exec ${ssh} "$(cat ${join(directory, work.name, 'floor.apply')})" <${join(directory, work.name, 'floor.tar')}\n`,
      );
      const owners = readFileSync(join(directory, work.name, `${host.name}.owners`), 'utf8');
      writeFileSync(join(directory, work.name, 'floor.apply'), `${applyText(work)}\n${owners}`);
      compare(
        `cold apply, ${work.name}, 1 host`,
        {
          before: () => reset(host.name, work),
          floor: () => take(['bash', join(directory, work.name, 'floor.sh')]),
          slab: () => take([slab, 'apply', '-y', ...words]),
        },
        2,
      );
    }
    for (const host of some) reset(host.name, work);
    take([slab, 'apply', '-y', ...words]);
    take(check);
    const taken = compare(
      `plan without change, ${work.name}, ${count} ${count === 1 ? 'host' : 'hosts'}`,
      { floor: () => take(check), slab: () => take([slab, 'plan', '--detailed-exitcode', ...words]) },
      work === small ? 1.5 : 1.8,
    );
    process.stdout.write(
      `${''.padEnd(34)} CPU on the controller: ${(taken.cpu / count).toFixed(3)} s a host\n`,
    );
  }
}
const help = Array.from({ length: runs }, () => take([slab, '--help']));
process.stdout.write(`slab --help: ${(medianOf(help).wall * 1000).toFixed(0)} ms\n`);
