import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { assumedGrains, grainsFromJson, valueToJson } from '../../lib/grains/grains-json.ts';
import { parseGrains } from '../../lib/grains/parse-grains.ts';
import type { Value } from '../../lib/model/value.ts';

/** Recorded on a Debian 12 container with systemd 252; machine id, kernel and name server written over by hand. */
const recorded = JSON.parse(
  readFileSync(new URL('./debian12-container.json', import.meta.url), 'utf8'),
) as Record<string, string>;

function outputOf(facts: Record<string, string>): Uint8Array {
  return Buffer.from(
    Object.entries(facts)
      .map(([name, value]) => `${name}\0${value}\0`)
      .join(''),
  );
}

describe('parseGrains', () => {
  const grains = parseGrains(outputOf(recorded), { name: 'web1' });
  const cases: readonly (readonly [string, Value])[] = [
    ['id', 'web1'],
    ['kernel', 'Linux'],
    ['nodename', 'lab1'],
    ['kernelrelease', '6.1.0-18-amd64'],
    ['kernelversion', '#1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)'],
    ['cpuarch', 'x86_64'],
    ['osarch', 'amd64'],
    ['fqdn', 'lab1.example.com'],
    ['host', 'lab1'],
    ['domain', 'example.com'],
    ['os', 'Debian'],
    ['os_family', 'Debian'],
    ['oscodename', 'bookworm'],
    ['osrelease', '12'],
    ['osmajorrelease', 12],
    ['osfinger', 'Debian-12'],
    ['init', 'systemd'],
    ['cpu_model', 'Example CPU'],
    ['machine_id', '0123456789abcdef0123456789abcdef'],
    ['virtual', 'container'],
    ['uid', 0],
    ['username', 'root'],
    ['disks', ['sda']],
    ['ssds', ['nvme0n1']],
  ];
  for (const [name, value] of cases) {
    it(`tells ${name}`, () => {
      assert.deepEqual(grains.get(name), value);
    });
  }

  it('tells addresses by interface and by family', () => {
    const four = grains.get('ip4_interfaces');

    assert.ok(four instanceof Map);
    assert.deepEqual(four.get('lo'), ['127.0.0.1']);
    assert.ok(Array.isArray(grains.get('ipv4')));
  });

  it('tells kernel parameters, name servers and the version of systemd', () => {
    assert.deepEqual(grains.get('kernelparams'), [
      ['BOOT_IMAGE', '/vmlinuz'],
      ['root', '/dev/vda1'],
      ['ro', null],
      ['quiet', null],
    ]);
    const dns = grains.get('dns');
    assert.ok(dns instanceof Map);
    assert.deepEqual(dns.get('ip6_nameservers'), ['2001:db8::53']);
    const systemd = grains.get('systemd');
    assert.ok(systemd instanceof Map);
    assert.equal(systemd.get('version'), '252');
  });

  it('tells two Ubuntu releases of one year apart', () => {
    const files =
      '/etc/os-release:ID=ubuntu\n/etc/os-release:ID_LIKE=debian\n/etc/os-release:VERSION_ID="24.10"';

    const ubuntu = parseGrains(outputOf({ ...recorded, files }), { name: 'u' });

    assert.equal(ubuntu.get('os'), 'Ubuntu');
    assert.equal(ubuntu.get('os_family'), 'Debian');
    assert.equal(ubuntu.get('osfinger'), 'Ubuntu-24.10');
    assert.equal(ubuntu.get('osmajorrelease'), 24);
  });

  it('knows the hypervisors by what the firmware says', () => {
    const virtual = (vendor: string, product: string) =>
      parseGrains(
        outputOf({
          files: `/sys/class/dmi/id/sys_vendor:${vendor}\n/sys/class/dmi/id/product_name:${product}`,
        }),
        { name: 'x' },
      ).get('virtual');

    assert.equal(virtual('QEMU', 'Standard PC (Q35 + ICH9, 2009)'), 'kvm');
    assert.equal(virtual('VMware, Inc.', 'VMware7,1'), 'VMware');
    assert.equal(virtual('Microsoft Corporation', 'Virtual Machine'), 'HyperV');
    assert.equal(virtual('innotek GmbH', 'VirtualBox'), 'VirtualBox');
    assert.equal(virtual('Xen', 'HVM domU'), 'xen');
    assert.equal(virtual('Dell Inc.', 'PowerEdge R740'), 'physical');
  });

  it('makes something of a host that answers nothing', () => {
    const bare = parseGrains(new Uint8Array(), { name: 'bare' });

    assert.equal(bare.get('id'), 'bare');
    assert.equal(bare.get('os_family'), 'Linux');
    assert.equal(bare.get('ip_gw'), false);
  });
});

describe('recorded grains', () => {
  it('come back from JSON as they were', () => {
    const grains = parseGrains(outputOf(recorded), { name: 'web1' });

    assert.deepEqual(grainsFromJson(valueToJson(grains)), grains);
  });

  it('keep fractions apart from whole numbers', () => {
    assert.deepEqual(
      grainsFromJson({ load: 0.5, cpus: 2 }),
      new Map<Value, Value>([
        ['load', { float: 0.5 }],
        ['cpus', 2],
      ]),
    );
  });

  it('write a big number as text, and a fraction as a number', () => {
    assert.deepEqual(valueToJson([1n, { float: 0.5 }]), ['1', 0.5]);
  });

  it('have the name of the host when nothing was recorded', () => {
    assert.equal(assumedGrains('a.example.com').get('domain'), 'example.com');
  });
});
