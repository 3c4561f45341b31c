import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { innerNumber } from '../../../lib/lab/host.ts';
import { commit, git } from '../../support/repository.ts';
import { withSlab } from '../../support/slab.ts';
import { MIB } from '../../support/storage/disk-size.ts';

/** The same states everywhere; what only machines with disks and cables have, only their pillar says. */
const SITE = `
/etc/site.conf:
  file.managed:
    - contents: |
        greeting {{ pillar.greeting }}
        at {{ pillar.place }}
/etc/limit.conf:
  file.managed:
    - contents: limit 5
{% if pillar.machines is defined %}
{% set last = pillar.machines[grains.id] %}
object:
  disk.data:
    - serials: [{{ grains.id }}-d1, {{ grains.id }}-d2]
    - mount: /srv/object/{n}
    - when_blank: format
    - max_new: 2
eth0:
  network.interface:
    - addresses: [10.77.0.{{ last }}/24, 10.99.0.{{ last }}/24]
    - gateway: {{ pillar.gateway }}
eth1:
  network.interface:
    - addresses: [10.77.1.{{ last }}/24]
    - mtu: {{ pillar.mtu }}
{% endif %}
`;

const GATES = `
  greets: {command: '! grep -q bad /etc/site.conf || { echo it greets badly; exit 1; }'}
  disks: {command: 'mountpoint -q /srv/object/1 && mountpoint -q /srv/object/2', when: after}
  address: {command: 'ip -o address show dev eth0 | grep -q " 10.99.0."', when: after}
`;

/** An inventory of some hosts of a lab, as `kind`. */
const inventoryOf = (lab: string, names: readonly string[], kind: 'vm' | 'physical'): string =>
  lab
    .split('\n')
    .filter(
      (line) => !/^ {2}\S+: \{address/.test(line) || names.some((name) => line.startsWith(`  ${name}:`)),
    )
    .map((line) => line.replace('kind: vm', `kind: ${kind}`))
    .join('\n');

describe('the way from one host to the fleet', function () {
  this.timeout(400_000);
  const virtual = withSlab({ count: 3, form: 'light' });
  const metal = withSlab({ count: 2, nics: 2, disks: { count: 2, sizeBytes: 320 * MIB } });
  const hosts = [
    ...[0, 1, 2].map((index) => ({ of: virtual, index })),
    ...[0, 1].map((index) => ({ of: metal, index })),
  ];
  const everywhere = (command: string, some = hosts): Promise<readonly string[]> =>
    Promise.all(some.map(async ({ of, index }) => (await of.on(of.name(index), command)).trim()));
  const greetings = () => everywhere('sed -n s/^greeting.//p /etc/site.conf 2>/dev/null; true');
  const onMetal = (command: string) => everywhere(command, hosts.slice(3));
  const shape = () =>
    onMetal(
      'for n in 1 2; do findmnt -no FSTYPE /srv/object/$n | tail -n 1; done; ip -o -4 address show | cut -d" " -f 7; ip route show default; cat /sys/class/net/eth1/mtu; systemctl list-timers --all --no-legend "slab-*"',
    );

  it('halts a bad change at the canary, goes on when it is mended, and lets a reviewed plan do nothing else', async () => {
    const [canary, last] = [metal.name(0), metal.name(1)];
    const pillar = (environment: string, place: string) => ({
      [`inventories/${environment}/pillar/top.sls`]: "base: {'*': [all, shared]}\n",
      [`inventories/${environment}/pillar/all.sls`]: `place: ${place}\n`,
      [`inventories/${environment}/pillar/shared.sls`]: 'greeting: good\n',
    });
    const machines = (gateway = '10.77.0.1', mtu = 1500): string => {
      const numbers = metal.hosts().map((host) => `${host.name}: ${innerNumber(host.number)}`);
      return `place: the fleet\nmachines: {${numbers.join(', ')}}\ngateway: ${gateway}\nmtu: ${mtu}\n`;
    };
    // One host; two hosts; machines with disks and two networks: the same states.
    const project = virtual.project({
      files: {
        'states/site.sls': SITE,
        ...pillar('lab', 'the lab'),
        ...pillar('vms', 'virtual machines'),
        ...pillar('metal', 'the fleet'),
        '.gitignore': '.slab/\n*.slabplan\n',
        'inventories/lab/inventory.yaml': inventoryOf(virtual.lab.inventory(), [virtual.name(0)], 'vm'),
        'inventories/vms/inventory.yaml': inventoryOf(
          virtual.lab.inventory(),
          [virtual.name(1), virtual.name(2)],
          'vm',
        ),
        'inventories/metal/inventory.yaml': inventoryOf(metal.lab.inventory(), [canary, last], 'physical'),
        'inventories/metal/pillar/all.sls': machines(),
        'inventories/metal/rollout.yaml': `stages:
  - {name: lab, environment: lab, batch: all, gates: [converged]}
  - {name: vms, environment: vms, batch: 1, gates: [converged]}
  - {name: canary, target: ${canary} and kind:physical, gates: [converged, greets, disks, address]}
  - {name: fleet, target: 'kind:physical', batch: all, gates: [converged, greets, disks, address]}
gates:${GATES}`,
      },
    });
    const { directory } = project;
    const deploy = (...words: readonly string[]) =>
      project.slab('deploy', '-i', 'metal', '-y', '--confirm-within', '20', '--progress', 'lines', ...words);
    git(directory, 'init', '-q');
    commit(directory, 'first');

    // Everything is well: disks are formatted, and what slab is logged in through is confirmed over a new login.
    const first = await deploy();
    assert.equal(first.code, 0, first.all);
    assert.deepEqual(await greetings(), ['good', 'good', 'good', 'good', 'good']);
    assert.match(
      first.stdout,
      /filesystem BLANK → xfs[^]*2 new, 0 unfinished\). Destroys data: 0\.[^]*5 of 5 hosts done/,
    );
    for (const host of [canary, last])
      assert.match(first.all, new RegExp(`trial confirmed ${host}: confirmed over a new login`));
    assert.ok(existsSync(join(directory, 'inventories/metal/disks', `${last}-d2.json`)));
    await onMetal('for n in 1 2; do echo precious >/srv/object/$n/file; done');
    const good = await shape();

    // A change that only the fleet's pillar makes bad is halted by a gate.
    project.write({
      'states/site.sls': `${SITE}# second\n`,
      'inventories/metal/pillar/shared.sls': 'greeting: bad\n',
    });
    const halted = await deploy();
    assert.equal(halted.code, 7, halted.all);
    assert.match(halted.stdout, /in stage canary: gate greets: .*it greets badly/);
    assert.match(halted.stdout, new RegExp(`Not begun: ${last}`));
    assert.deepEqual(await greetings(), ['good', 'good', 'good', 'bad', 'good']);

    // So is one that would cut the canary off: the host takes it back.
    project.write({
      'inventories/metal/pillar/shared.sls': 'greeting: better\n',
      'inventories/metal/pillar/all.sls': machines('10.77.0.99'),
    });
    const cut = await deploy('--resume');
    assert.equal(cut.code, 7, cut.all);
    assert.match(cut.all, /the host has taken it back: the gateway 10\.77\.0\.99 does not answer\n/);
    assert.match(cut.stdout, new RegExp(`Not begun: ${last}`));
    assert.deepEqual(await shape(), good);

    // Mended and resumed: as something changed all stages are asked, and nothing is done where it was done.
    project.write({ 'inventories/metal/pillar/all.sls': machines() });
    const resumed = await deploy('--resume');
    assert.match(resumed.all, /rolled out has changed since: this begins anew/);
    assert.match(resumed.stdout, new RegExp(`${canary} +in sync [^]*${last} +done +1 changed, verified`));
    assert.equal(resumed.code, 0, resumed.all);
    assert.deepEqual(await greetings(), ['good', 'good', 'good', 'better', 'better']);
    assert.deepEqual(await shape(), good);
    commit(directory, 'second');

    // A pull request: what is declared, what would change, the merge.
    git(directory, 'switch', '-q', '-c', 'change');
    writeFileSync(join(directory, 'inventories/metal/pillar/shared.sls'), 'greeting: best\n');
    writeFileSync(join(directory, 'inventories/metal/pillar/all.sls'), machines('10.77.0.1', 1400));
    commit(directory, 'greet best, in smaller packets');
    const compared = await project.slab('diff', '-i', 'metal', '--base', 'main', '--format', 'md');
    const planned = await project.slab('plan', '-i', 'metal', '-o', 'pr.slabplan', '--progress', 'none');
    const comment = await project.slab('show', './pr.slabplan', '--format', 'md');
    assert.deepEqual([compared.code, planned.code, comment.code], [0, 0, 0], planned.all);
    assert.match(compared.stdout, /### slab diff · metal · 2 of 2 hosts change/);
    assert.match(comment.stdout, /### slab plan · metal · 2 of 2 hosts change/);
    git(directory, 'switch', '-q', 'main');
    git(directory, 'merge', '-q', '--no-ff', '-m', 'merge', 'change');

    // Somebody edits another file of one host by hand meanwhile: putting that back is not what was reviewed.
    await metal.on(last, 'echo limit 9 >/etc/limit.conf');
    const words = ['apply', '-i', 'metal', '--expect', 'pr.slabplan', '-y', '--progress', 'none'];
    const applied = await project.slab(...words);
    assert.equal(applied.code, 6, applied.all);
    assert.match(applied.all, new RegExp(`refused: ${last} `));
    assert.doesNotMatch(applied.all, new RegExp(`refused: ${canary} `));
    assert.deepEqual(await greetings(), ['good', 'good', 'good', 'best', 'better']);
    assert.deepEqual(await onMetal('cat /etc/limit.conf /sys/class/net/eth1/mtu'), [
      'limit 5\n1400',
      'limit 9\n1500',
    ]);
    assert.deepEqual(await onMetal('cat /srv/object/1/file /srv/object/2/file'), [
      'precious\nprecious',
      'precious\nprecious',
    ]);
  });
});
