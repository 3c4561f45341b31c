import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { withSlab } from '../../support/slab.ts';

const SITE = `
seen by the balancer:
  cmd.run:
    - name: echo {{ pillar.version }} >/etc/version; {{ 'exit 3' if pillar.version == 'bad' else 'true' }}
    - unless: grep -qx {{ pillar.version }} /etc/version
`;

describe('a roll-out that drains hosts', function () {
  this.timeout(120_000);
  const hosts = withSlab({ count: 3, form: 'light' });
  const { on, name } = hosts;
  /** The last host is the balancer, which keeps what it was told. */
  const told = async (): Promise<readonly string[]> =>
    (await on(name(2), 'cat /etc/told 2>/dev/null; true')).split('\n').filter((line) => line !== '');
  const begin = async (drain: string, version: string) => {
    for (const index of [0, 1, 2]) await on(name(index), 'rm -f /etc/version /etc/told');
    return hosts.project({
      files: {
        'states/site.sls': SITE,
        'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
        'inventories/lab/pillar/all.sls': `version: ${version}\n`,
        'inventories/lab/rollout.yaml': `stages:
  - name: proxies
    target: '${name(0)} or ${name(1)}'
    order: [${name(1)}, ${name(0)}]
    batch: all
    drain: {command: "${drain}", on: ${name(2)}}
    undrain: {command: 'echo enable {host} {address} >>/etc/told', on: ${name(2)}}
`,
      },
    });
  };
  const DRAIN = 'echo disable {host} >>/etc/told';
  const lines = (...words: readonly string[]): readonly string[] =>
    words.map((word) => word.replace('A', name(0)).replace('B', name(1)));

  it('takes each out before its change and back after it, in the order of the roles, and leaves alone what does not change', async () => {
    const project = await begin(DRAIN, 'good');
    const address =
      hosts.lab
        .inventory()
        .match(/address: [\d.]+/g)
        ?.map((found) => found.slice(9)) ?? [];

    const { code, all } = await project.slab('deploy', '-y', '--progress', 'lines');
    const first = await told();
    const again = await project.slab('deploy', '-y', '--progress', 'none');

    assert.equal(code, 0, all);
    assert.deepEqual(
      first,
      lines('disable B', `enable B ${address[1] ?? ''}`, 'disable A', `enable A ${address[0] ?? ''}`),
    );
    assert.match(all, new RegExp(`Z ${name(1)} drained\n[^]*Z ${name(1)} back in service\n`));
    assert.equal(again.code, 0, again.all);
    assert.deepEqual(await told(), first);
  });

  it('leaves out of service what did not converge, names it, and takes it back when it has', async () => {
    const project = await begin(DRAIN, 'bad');

    const halted = await project.slab('deploy', '-y', '--progress', 'none');
    const during = await told();
    project.write({ 'inventories/lab/pillar/all.sls': 'version: mended\n' });
    const mended = await project.slab('deploy', '-y', '--progress', 'none');

    assert.equal(halted.code, 7, halted.all);
    assert.deepEqual(during, lines('disable B'));
    assert.match(halted.stdout, new RegExp(`Still drained: ${name(1)}\\. The next deploy takes each back`));
    assert.equal(mended.code, 0, mended.all);
    assert.doesNotMatch(mended.stdout, /Still drained/);
    assert.deepEqual(
      (await told()).map((line) => line.split(' ').slice(0, 2).join(' ')),
      lines('disable B', 'disable B', 'enable B', 'disable A', 'enable A'),
    );
  });

  it('stops where a host cannot be drained, before anything of it is changed', async () => {
    const project = await begin('echo no such backend >&2; exit 4', 'good');

    const { code, all, stdout } = await project.slab('deploy', '-y', '--progress', 'none');

    assert.equal(code, 7, all);
    assert.match(
      stdout,
      new RegExp(`Stopped: in stage proxies: ${name(1)} cannot be drained: exit code 4: no such backend`),
    );
    assert.match(stdout, new RegExp(`Still drained: ${name(1)}[^]*Not begun: ${name(0)}\n`));
    assert.equal(await on(name(1), 'cat /etc/version 2>/dev/null; true'), '');
  });

  const mistakes: readonly (readonly [string, string, RegExp])[] = [
    [
      'a host that is not there',
      'drain: {command: a, on: lb}, undrain: {command: b, on: lb}',
      /there is no host lb to run this on/,
    ],
    ['no way back', 'drain: {command: a, on: controller}', /a stage that drains hosts takes them back/],
    ['no place to run', 'drain: {command: a}, undrain: {command: b}', /drain says what to run and where/],
    ['an order by what is not known yet', "order: ['G@os:Debian']", /needs grains or pillar/],
  ];
  for (const [what, text, said] of mistakes)
    it(`ends with 3 at ${what}`, async () => {
      const project = hosts.project({
        files: { 'states/site.sls': SITE, 'inventories/lab/rollout.yaml': `stages: [{name: a, ${text}}]\n` },
      });

      const { code, stderr } = await project.slab('deploy', '--explain');

      assert.equal(code, 3, stderr);
      assert.match(stderr, said);
    });
});
