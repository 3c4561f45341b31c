import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { bringer } from '../../support/host-case.ts';
import { withLab } from '../../support/lab.ts';

describe('settings of the kernel and names of hosts', () => {
  const lab = withLab({ count: 1 });
  const { bring, run } = bringer(lab, () => lab.hosts()[0]?.name ?? '');
  const told = ({ changes, problems, left }: ReturnType<typeof bring>) => ({
    fields: changes.map(({ field }) => field),
    problems,
    left,
  });

  it('sets and stores a setting, and the next boot has it', () => {
    const brought = bring(['sysctl.present', 'net.ipv4.ip_forward', { value: 1 }]);

    assert.deepEqual(
      told(brought),
      { fields: ['stored', 'running'], problems: [], left: [] },
      brought.output,
    );
    run('echo 0 >/proc/sys/net/ipv4/ip_forward; /lib/systemd/systemd-sysctl');
    assert.equal(run('cat /proc/sys/net/ipv4/ip_forward').trim(), '1');
  });

  it('tells running from stored: each is mended alone', () => {
    run('echo 0 >/proc/sys/net/ipv4/ip_forward');
    const running = bring(['sysctl.present', 'net.ipv4.ip_forward', { value: 1 }]);
    run('rm /etc/sysctl.d/60-slab-net.ipv4.ip_forward.conf');
    const stored = bring(['sysctl.present', 'net.ipv4.ip_forward', { value: 1 }]);

    assert.deepEqual(told(running), { fields: ['running'], problems: [], left: [] }, running.output);
    assert.deepEqual(told(stored), { fields: ['stored'], problems: [], left: [] }, stored.output);
  });

  it('calls a host by its name, running, stored and in /etc/hosts, each mended alone', () => {
    run(
      "printf '127.0.0.1 localhost\\n127.0.1.1 old # ours\\n' >/etc/hosts.new; cat /etc/hosts.new >/etc/hosts",
    );
    const wanted = ['system.hostname', 'st11.example.net', {}] as const;
    const made = bring(wanted);
    const hosts = run('cat /etc/hosts');
    run('hostname other');
    const running = bring(wanted);
    run('echo other >/etc/hostname');
    const stored = bring(wanted);

    assert.deepEqual(told(made), { fields: ['names', 'stored', 'running'], problems: [], left: [] });
    assert.equal(hosts, '127.0.0.1 localhost\n127.0.1.1\tst11.example.net st11 old # ours\n');
    assert.deepEqual(told(running), { fields: ['running'], problems: [], left: [] });
    assert.deepEqual(told(stored), { fields: ['stored'], problems: [], left: [] });
    assert.equal(run('hostname; cat /etc/hostname'), 'st11.example.net\nst11.example.net\n');
  });

  it('keeps the time of a zone, and of what says it mends each alone', () => {
    run(
      [
        'rm -rf /usr/share/zoneinfo /etc/localtime; mkdir -p /usr/share/zoneinfo/Europe; cd /usr/share/zoneinfo',
        "printf 'TZif2-utc' >UTC; printf 'TZif2-vienna' >Europe/Vienna; cp Europe/Vienna Europe/Bratislava",
        'ln -s /usr/share/zoneinfo/UTC /etc/localtime; echo UTC >/etc/timezone; chmod 640 /etc/timezone',
      ].join('; '),
    );
    const wanted = ['timezone.system', 'Europe/Vienna', {}] as const;
    const made = bring(wanted);
    const after = run('readlink /etc/localtime; cat /etc/timezone; stat -c %a /etc/timezone');
    run('echo UTC >/etc/timezone');
    const named = bring(wanted);
    run('cp /usr/share/zoneinfo/UTC /etc/localtime.new; mv /etc/localtime.new /etc/localtime');
    const copied = bring(wanted);
    run('rm /etc/timezone; ln -sfn /usr/share/zoneinfo/nowhere /etc/localtime');
    const dangling = bring(wanted);
    const same = bring(['timezone.system', 'Europe/Bratislava', {}]);
    const wrong = bring(['timezone.system', 'Europe/Wien', {}]);

    assert.deepEqual(told(made), { fields: ['clock', 'named'], problems: [], left: [] }, made.output);
    assert.equal(after, '/usr/share/zoneinfo/Europe/Vienna\nEurope/Vienna\n640\n');
    assert.deepEqual(told(named), { fields: ['named'], problems: [], left: [] }, named.output);
    assert.deepEqual(told(copied), { fields: ['clock'], problems: [], left: [] }, copied.output);
    assert.deepEqual(told(dangling), { fields: ['clock'], problems: [], left: [] }, dangling.output);
    assert.equal(
      run('readlink /etc/localtime; ls -A /etc | grep -c slab || :'),
      '/usr/share/zoneinfo/Europe/Vienna\n0\n',
    );
    assert.deepEqual(told(same), { fields: [], problems: [], left: [] });
    assert.match(wrong.problems.join(), /no time zone Europe\/Wien: did you mean "Europe\/Vienna"/);
  });

  it('takes values with blanks and lists of ports as the kernel prints them', () => {
    const ports = bring(['sysctl.present', 'net.ipv4.ip_local_reserved_ports', { value: '8080,9000,9001' }]);
    const memory = bring(['sysctl.present', 'net.ipv4.ping_group_range', { value: '0   100' }]);

    assert.deepEqual(told(ports).left, [], ports.output);
    assert.deepEqual(told(memory).left, [], memory.output);
  });

  it('replaces one line of a file that is named, and nothing else of it', () => {
    run(
      "printf '# ours\\nnet.ipv4.tcp_syncookies=1\\n\\nnet/ipv4/ip_forward = 0\\nnet.ipv4.ip_forward=0\\n' >/etc/sysctl.d/50-team.conf",
    );
    const config = '/etc/sysctl.d/50-team.conf';

    const brought = bring(['sysctl.present', 'net.ipv4.ip_forward', { value: 1, config }]);

    assert.deepEqual(told(brought), { fields: ['stored'], problems: [], left: [] }, brought.output);
    assert.equal(run(`cat ${config}`), '# ours\nnet.ipv4.tcp_syncookies=1\n\nnet.ipv4.ip_forward = 1\n');
  });

  it('says so when the kernel refuses a value, and stores it for no boot', () => {
    const brought = bring(['sysctl.present', 'net.ipv4.conf.all.rp_filter', { value: 'many' }]);

    assert.deepEqual(brought.codes, [1]);
    assert.match(brought.output, /the kernel refuses many for net\/ipv4\/conf\/all\/rp_filter/);
    assert.equal(run('ls /etc/sysctl.d | grep rp_filter || true'), '');
  });

  it('fails where the rp_filter of all takes the effect from that of the interface', () => {
    run('echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter');

    const brought = bring(['sysctl.present', 'net.ipv4.conf.eth0.rp_filter', { value: 0 }]);
    const lowered = bring(['sysctl.present', 'net.ipv4.conf.all.rp_filter', { value: 0 }]);
    const again = bring(['sysctl.present', 'net.ipv4.conf.eth0.rp_filter', { value: 0 }]);

    assert.match(brought.shortfalls.join(), /the kernel takes the larger .* so 2 is in force/);
    assert.deepEqual(lowered.left, [], lowered.output);
    assert.deepEqual([again.shortfalls, again.left], [[], []]);
  });

  it('refuses settings that the kernel does not have or nothing can write', () => {
    assert.match(
      bring(['sysctl.present', 'net.ipv4.ip_froward', { value: 1 }]).problems.join(),
      /did you mean "net\.ipv4\.ip_forward"/,
    );
    // The lab's hosts share the kernel of this machine, of which they may only see the rest.
    assert.match(
      bring(['sysctl.present', 'kernel.panic', { value: 77 }]).problems.join(),
      /nothing can write to kernel\.panic/,
    );
    assert.match(bring(['kmod.present', 'no_such_module']).problems.join(), /no module no_such_module/);
  });

  it('edits single entries of /etc/hosts, keeps unknown lines and never loses localhost', () => {
    run(
      "printf '127.0.0.1 localhost\\n# by hand\\n10.1.1.1\\tdb.example db # rack 3\\nnonsense\\n' >/etc/hosts",
    );

    assert.deepEqual(
      bring(['host.present', 'cache', { ip: ['10.1.1.1', '10.1.1.2'], comment: 'us' }]).left,
      [],
    );
    assert.deepEqual(bring(['host.absent', 'db']).left, []);
    assert.deepEqual(bring(['host.only', '10.1.1.3', { hostnames: ['one', 'two'] }]).left, []);
    assert.match(bring(['host.absent', 'localhost']).problems.join(), /localhost must keep/);

    assert.equal(
      run('cat /etc/hosts'),
      '127.0.0.1 localhost\n# by hand\n10.1.1.1\tdb.example cache\t# us\nnonsense\n10.1.1.2\tcache\t# us\n10.1.1.3\tone two\n',
    );
  });

  it('makes a missing /etc/hosts with localhost in it', () => {
    run('rm /etc/hosts');

    assert.deepEqual(bring(['host.present', 'db', { ip: '10.1.1.1' }]).left, []);

    assert.equal(run('getent -s files hosts localhost db | wc -l').trim(), '2');
  });
});
