import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { eventually } from '../../support/lab.ts';
import { ask, offer } from '../../support/load.ts';
import { repository, withFolder, withSlab } from '../../support/slab.ts';

const pillar = (settings: string) => ({
  'inventories/lab/pillar/top.sls': "base: {'*': [balancer]}\n",
  'inventories/lab/pillar/balancer.sls': `balancer:
  domain: s3.example.com
  servers: {store1: 127.0.0.1:8081}
  ${settings}
`,
});

/** Stands in for the S3 service. */
const store = `printf '%s\\n' 'defaults' ' mode http' ' timeout client 30s' ' timeout server 30s' ' timeout connect 2s' \\
  'frontend f' ' bind 127.0.0.1:8081' ' http-request return status 200' >/etc/store.cfg
systemd-run --quiet --collect --unit=store haproxy -db -f /etc/store.cfg`;

describe('the load balancer', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 2 }, ['haproxy']);
  const { name, on } = hosts;
  const folder = withFolder('slab-balancer-');
  const tunnels: ChildProcess[] = [];
  /** A socket of this machine that leads to a port of a host. */
  const socketTo = (host: number, port: number): string => join(folder(), `${host}-${port}`);

  const project = (settings = 'limit: 100') => {
    const made = hosts.project({
      files: { 'states/top.sls': "base: {'*': [balancer]}\n", ...pillar(settings) },
      inventory: "groups:\n  balancer: {hosts: ['*']}",
    });
    cpSync(join(repository, 'states/balancer'), join(made.directory, 'states/balancer'), { recursive: true });
    return made;
  };

  before(async () => {
    for (const host of [0, 1]) {
      await on(name(host), store);
      for (const port of [80, 8404]) {
        const words = [
          '-N',
          '-L',
          `${socketTo(host, port)}:127.0.0.1:${port}`,
          ...hosts.lab.sshArguments(name(host)),
        ];
        tunnels.push(spawn('ssh', words, { stdio: 'ignore' }));
        await eventually('a tunnel', async () => Promise.resolve(existsSync(socketTo(host, port))));
      }
    }
  });
  after(() => tunnels.forEach((tunnel) => tunnel.kill()));

  it('is brought about on both hosts, each with its half of the limit, and then nothing is left to do', async () => {
    const made = project();

    const applied = await made.slab('apply', '-y');
    const again = await made.slab('plan', '--detailed-exitcode');

    assert.deepEqual([applied.code, again.code], [0, 0], applied.all + again.all);
    for (const host of [0, 1])
      assert.equal(
        await on(name(host), "sed -n 's/.*limit=\\([0-9]*\\).*/\\1/p' /etc/haproxy/haproxy.cfg"),
        '50\n',
      );
  });

  it('knows the bucket of every request, however it is spelt', async () => {
    const counted = async (path: string, host: string) =>
      (await ask(socketTo(0, 8404), { path, host })).body.trim();

    const wrong = [];
    for (const [path, host, bucket] of requests) {
      const got = await counted(path, host);
      if (got !== bucket) wrong.push([path, host, got]);
    }

    assert.equal(requests.length, 40);
    assert.deepEqual(wrong, []);
  });

  it('holds the limit over both hosts within 5 %, leaves other buckets alone, and tells the rest to slow down', async () => {
    const seconds = 6;
    const hot = { bucket: 'hot', perSecond: 150 };
    const [one, two] = await Promise.all([
      offer(
        socketTo(0, 80),
        [hot, { bucket: 'under', perSecond: 40 }, { bucket: 'cold', perSecond: 20 }],
        seconds,
      ),
      offer(socketTo(1, 80), [hot], seconds),
    ]);

    const [first, second] = [one.get('hot'), two.get('hot')];
    assert.ok(first && second);
    const rate = first.ok / first.seconds + second.ok / second.seconds;
    assert.ok(rate > 95 && rate < 105, `${rate.toFixed(1)} requests a second were let through`);
    assert.deepEqual([first.other, second.other], [0, 0]);
    for (const bucket of ['under', 'cold']) {
      const { sent = 0, ok = -1 } = one.get(bucket) ?? {};
      assert.equal(ok, sent, `${bucket} is served in full`);
    }
    const { refusal } = first;
    assert.deepEqual(
      [refusal?.status, refusal?.headers['retry-after'], refusal?.headers['content-type']],
      [503, '1', 'application/xml'],
    );
    assert.match(
      refusal?.body ?? '',
      /^<\?xml .*<Error><Code>SlowDown<\/Code>.*<RequestId>[0-9a-f-]{36}<\/RequestId><\/Error>$/s,
    );
  });

  it('is reloaded, never restarted, and no request is lost', async () => {
    const main = () => on(name(0), 'systemctl show -P MainPID haproxy');
    const before = await main();
    const made = project('limit: 120');

    const [applied, served] = await Promise.all([
      made.slab('apply', '-y'),
      offer(socketTo(0, 80), [{ bucket: 'calm', perSecond: 20 }], 5),
    ]);

    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.stdout, /reload haproxy\.service|haproxy/);
    assert.equal(await main(), before);
    assert.equal(served.get('calm')?.ok, served.get('calm')?.sent);
  });

  it('answers once more on a connection that waited while it was reloaded, and closes it with the answer', async () => {
    const said = await on(
      name(0),
      `bash -eu <<'EOF'
main=$(systemctl show -P MainPID haproxy)
before=$(pgrep -P "$main" | sort)
exec 3<>/dev/tcp/127.0.0.1/80
ask() { printf 'GET /calm/key HTTP/1.1\\r\\nHost: s3.example.com\\r\\n\\r\\n' >&3; }
ask
IFS= read -r first <&3
systemctl reload haproxy
until [ -n "$(pgrep -P "$main" | sort | comm -13 <(echo "$before") -)" ]; do sleep 0.1; done
sleep 1
ask
echo "$first"
timeout 20 cat <&3
EOF`,
    );

    assert.equal(said.match(/^HTTP\/1\.1 200/gm)?.length, 2, said);
    assert.match(said, /^connection: close/im);
  });

  it('leaves what runs in place when the new configuration has a mistake', async () => {
    const file = () => on(name(0), 'sha256sum /etc/haproxy/haproxy.cfg');
    const before = await file();
    const made = project("limit: 100\n  listen: ['*:notaport']");

    const applied = await made.slab('apply', '-y');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /the check says no: haproxy -c/);
    assert.equal(await file(), before);
  });

  it('leaves what runs in place when a configuration without mistakes counts all buckets as one', async () => {
    const file = () => on(name(0), 'sha256sum /etc/haproxy/haproxy.cfg');
    const before = await file();
    const made = project();
    const template = join(made.directory, 'states/balancer/haproxy.cfg.j2');
    writeFileSync(
      template,
      readFileSync(template, 'utf8').replace("reg '^[a-z0-9][a", "reg '^${BUCKET}[a-z0-9][a"),
    );

    const applied = await made.slab('apply', '-y');

    assert.equal(applied.code, 5, applied.all);
    assert.match(applied.all, /is counted as "!invalid", not "slab-probe"/);
    assert.equal(await file(), before);
  });

  it('is a failure in the plan when what runs is not what the files say', async () => {
    const made = project('limit: 120');
    await made.slab('apply', '-y');
    // The reload is only begun when systemctl comes back: the file stays changed until what was read of it answers.
    await on(
      name(0),
      `cd /etc/haproxy; cp -p haproxy.cfg kept; sed -i 's/ge 60$/ge 6000/; s/x-version [^ ]*/x-version other/' haproxy.cfg
sed 's/ version=[^ ]*/ version=other/' haproxy.cfg >runs
systemctl reload haproxy
until check-balancer running /etc/haproxy/runs; do sleep 0.1; done
sleep 1; cp -p kept haproxy.cfg`,
    );

    const planned = await made.slab('plan');
    await on(name(0), 'systemctl reload haproxy');

    assert.match(planned.all, /check-balancer running/, planned.all);
  });
});

const s3 = 's3.example.com';
/** Path, Host, and the bucket that they mean. */
const requests: readonly (readonly [path: string, host: string, bucket: string])[] = [
  ['/bucket/key', s3, 'bucket'],
  ['/bucket', s3, 'bucket'],
  ['/bucket/', s3, 'bucket'],
  ['/bucket?list-type=2&prefix=a/b', s3, 'bucket'],
  ['/bucket/a/../other/b', s3, 'bucket'],
  ['/bucket//key', s3, 'bucket'],
  ['//bucket/key', s3, 'bucket'],
  ['/%62ucket/key', s3, 'bucket'],
  ['/buc%6Bet%2Fkey', s3, 'bucket'],
  ['/%2Fbucket/key', s3, 'bucket'],
  ['/BUCKET/key', s3, 'bucket'],
  ['/my.dotted.bucket/k', s3, 'my.dotted.bucket'],
  ['/', s3, '!service'],
  ['/?x-id=ListBuckets', s3, '!service'],
  ['/key/x', `bucket.${s3}`, 'bucket'],
  ['/', `bucket.${s3}`, 'bucket'],
  ['/key', 'Bucket.S3.Example.COM:8080', 'bucket'],
  ['/key', `my.dotted.bucket.${s3}`, 'my.dotted.bucket'],
  ['/key', `bucket.${s3}.`, 'bucket'],
  ['/bucket/key', '127.0.0.1:18080', 'bucket'],
  ['/bucket/key', '[::1]:18080', 'bucket'],
  ['/bucket/key', '', 'bucket'],
  ['/bucket/key', `evil-${s3}`, 'bucket'],
  ['/bucket/key', `${s3}.evil.org`, 'bucket'],
  ['/key', 'bucket.s3xexample.com', 'key'],
  ['/a/k', s3, '!invalid'],
  ['/-bad/k', s3, '!invalid'],
  [`/${'x'.repeat(64)}/k`, s3, '!invalid'],
  ['/b%00c/k', s3, '!invalid'],
  ['/b%0d%0aX-Evil:1/k', s3, '!invalid'],
  ['/<script>/k', s3, '!invalid'],
  ['/%zz/k', s3, '!invalid'],
  ['/%C3%A9t%C3%A9/k', s3, '!invalid'],
  ['/./bucket/key', s3, '!invalid'],
  ['/../bucket/key', s3, '!invalid'],
  [`http://${s3}/bucket/key`, s3, 'bucket'],
  [`http://bucket.${s3}/key`, `bucket.${s3}`, 'bucket'],
  ['/!service/k', s3, '!invalid'],
  ['/!invalid/k', s3, '!invalid'],
  ['*', s3, '!invalid'],
];
