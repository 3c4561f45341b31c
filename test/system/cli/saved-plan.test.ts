import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, it } from 'mocha';
import { savedPlanSchema } from '../../../lib/plan/saved-plan.schema.ts';
import { withSlab } from '../../support/slab.ts';

const SITE = `
/etc/one:
  file.managed:
    - contents: one {{ grains.id }} {{ pillar.word }}
/etc/two:
  file.managed:
    - contents: {{ pillar.secret }}
`;

const FILES = {
  'states/site.sls': SITE,
  'inventories/lab/pillar/top.sls': "base: {'*': [all]}\n",
  'inventories/lab/pillar/all.sls': 'word: first\nsecret: a-secret-of-mine\n',
};

describe('a saved plan', function () {
  this.timeout(90_000);
  const hosts = withSlab({ count: 2, form: 'light' });
  const { on, name } = hosts;
  const both = (command: string): Promise<readonly string[]> =>
    Promise.all([0, 1].map((index) => on(name(index), command)));
  const begin = async () => {
    await both('rm -f /etc/one /etc/two /etc/three');
    return hosts.project({ files: FILES, inventory: "secrets: ['secret']" });
  };

  it('is a file for its owner that its schema describes, without secrets or scripts, and shows what was planned', async () => {
    const project = await begin();

    const planned = await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');
    const shown = await project.slab('show', './a.slabplan');
    const markdown = await project.slab('show', 'a.slabplan', '--format', 'md');

    assert.equal(planned.code, 0, planned.all);
    const path = join(project.directory, 'a.slabplan');
    const text = readFileSync(path, 'utf8');
    const validate = new Ajv({ strict: true }).compile(savedPlanSchema);
    assert.ok(validate(JSON.parse(text)), JSON.stringify(validate.errors));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.doesNotMatch(text + shown.all + markdown.all, /a-secret-of-mine|#!|set -eu/);
    assert.match(planned.all, /Plan [0-9a-f]{9} saved in a\.slabplan, valid until/);
    assert.match(planned.stdout, /Apply: slab apply a\.slabplan/);
    assert.match(shown.stdout, /\+ file \/etc\/one[^]*one \S+ first/);
    assert.match(markdown.stdout, /### slab plan · lab · 2 of 2 hosts change/);
  });

  it('is not needed to apply just what a plan of one SLS and one host has shown: the plan says how', async () => {
    const project = await begin();
    project.write({ 'states/three.sls': '/etc/three:\n  file.managed:\n    - contents: three\n' });

    const planned = await project.slab('plan', 'three', '-t', name(0), '--progress', 'none');
    const next = / Apply: slab (apply .*)\n/.exec(planned.stdout)?.[1] ?? planned.all;
    const applied = await project.slab(...next.split(' '), '-y', '--progress', 'none');

    assert.match(next, /^apply three /);
    assert.equal(applied.code, 0, applied.all);
    assert.deepEqual(await both('ls /etc/one /etc/three 2>/dev/null || true'), ['/etc/three\n', '']);
  });

  it('is applied as it was approved, once', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');

    const applied = await project.slab('apply', 'a.slabplan', '-y', '--progress', 'none');
    const again = await project.slab('apply', 'a.slabplan', '-y', '--progress', 'none');

    assert.equal(applied.code, 0, applied.all);
    assert.deepEqual(await both('cat /etc/one'), [`one ${name(0)} first\n`, `one ${name(1)} first\n`]);
    assert.equal(again.code, 6);
    assert.match(
      again.stderr,
      /error\[SLAB6008\]: the plan [0-9a-f]{9} is refused: run [0-9a-f]{8} began with it at /,
    );
  });

  it('is one by what is in it, whatever the file is called, and says its environment itself', async () => {
    const project = await begin();
    project.write({ 'inventories/other/inventory.yaml': 'hosts: {}\n' });
    const planned = await project.slab('plan', '-i', 'lab', '-o', 'a.plan', '--progress', 'none');

    const shown = await project.slab('show', 'a.plan');
    const applied = await project.slab('apply', 'a.plan', '-y', '--progress', 'none');

    assert.match(planned.stdout, /Apply: slab apply a\.plan\n/);
    assert.match(shown.stdout, /\+ file \/etc\/one/);
    assert.equal(applied.code, 0, applied.all);
    assert.match(applied.stdout, /^slab apply · lab · 2 hosts$/m);
  });

  it('does less where a part is done already', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');
    await project.slab('apply', '-y', '-t', name(0), '--progress', 'none');

    const { code, all } = await project.slab('apply', 'a.slabplan', '-y', '--progress', 'none');

    assert.equal(code, 0, all);
    assert.deepEqual(await both('cat /etc/two'), ['a-secret-of-mine\n', 'a-secret-of-mine\n']);
  });

  it('leaves a host alone that was edited since, names what differs, and changes the others', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');
    await on(name(0), 'echo by hand >/etc/one');

    const { code, all } = await project.slab('apply', 'a.slabplan', '-y', '--progress', 'none');

    assert.equal(code, 6, all);
    assert.match(
      all,
      new RegExp(
        `refused: ${name(0)} is not as approved in the plan [0-9a-f]{9}: file /etc/one \\(.*contents.*\\): `,
      ),
    );
    assert.deepEqual(await both('cat /etc/one'), ['by hand\n', `one ${name(1)} first\n`]);
    assert.equal(await on(name(0), 'ls /etc/two 2>/dev/null; true'), '');
  });

  it('does not bring about what states say since', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');
    project.write({ 'inventories/lab/pillar/all.sls': 'word: second\nsecret: a-secret-of-mine\n' });

    const { code, all } = await project.slab('apply', 'a.slabplan', '-y', '--progress', 'none');

    assert.equal(code, 6, all);
    assert.match(all, /file \/etc\/one \(.*\): something else would come of it than what the plan showed/);
    assert.deepEqual(await both('ls /etc/one /etc/two 2>/dev/null; true'), ['', '']);
  });

  it('is refused before any host is asked when it is old, altered, or of another inventory', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'a.slabplan', '--progress', 'none');
    const path = join(project.directory, 'a.slabplan');
    const text = readFileSync(path, 'utf8');

    writeFileSync(path, text.replace('"lax": false', '"lax": true'));
    const altered = await project.slab('apply', 'a.slabplan', '-y');
    writeFileSync(path, text);
    const clash = await project.slab('apply', 'a.slabplan', '-t', name(0), '-y');
    project.write({ 'inventories/lab/inventory.yaml': `${hosts.lab.inventory()}# moved\n` });
    const other = await project.slab('apply', 'a.slabplan', '-y', '--progress', 'lines');

    assert.deepEqual([altered.code, clash.code, other.code], [3, 3, 6]);
    assert.match(
      altered.stderr,
      /SLAB6007.*it was changed after it was made\n {2}fix: make one: slab plan -o FILE/,
    );
    assert.match(clash.stderr, /says what is applied: -t cannot be said as well/);
    assert.match(other.stderr, /the inventory is not the one that it was made with/);
    assert.doesNotMatch(other.all, /start apply/);
    assert.deepEqual(await both('ls /etc/one 2>/dev/null; true'), ['', '']);
  });

  it('is not written over a file that is none, and nobody is asked before that is known', async () => {
    const project = await begin();

    const { code, all } = await project.slab('plan', '-o', 'states/site.sls', '--progress', 'lines');

    assert.equal(code, 3);
    assert.match(all, /states\/site\.sls is there, and is no plan: it is not written over/);
    assert.doesNotMatch(all, /start plan/);
    assert.equal(readFileSync(join(project.directory, 'states/site.sls'), 'utf8'), SITE);
  });

  it('as --expect lets a fresh plan do what was reviewed and nothing more, host by host', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'reviewed.json', '--progress', 'none');
    project.write({
      'states/site.sls': `${SITE}
{% if grains.id == '${name(0)}' %}
/etc/three:
  file.managed:
    - contents: nobody saw this
{% endif %}
`,
    });

    const { code, all } = await project.slab(
      'apply',
      '--expect',
      'reviewed.json',
      '-y',
      '--progress',
      'none',
    );

    assert.equal(code, 6, all);
    assert.match(all, new RegExp(`refused: ${name(0)} .*file /etc/three .*the plan did not touch it`));
    assert.deepEqual(await both('cat /etc/one 2>/dev/null; true'), ['', `one ${name(1)} first\n`]);
  });

  it('as --expect leaves a host alone where a file was edited by hand since, though the same would come of it', async () => {
    const project = await begin();
    await project.slab('plan', '-o', 'reviewed.json', '--progress', 'none');
    await on(name(0), 'echo by hand >/etc/one');

    const words = ['apply', '--expect', 'reviewed.json', '-y', '--progress', 'none'];
    const { code, all } = await project.slab(...words);

    assert.equal(code, 6, all);
    assert.match(all, new RegExp(`refused: ${name(0)} .*file /etc/one .*it no longer is what the plan saw`));
    assert.deepEqual(await both('cat /etc/one'), ['by hand\n', `one ${name(1)} first\n`]);
  });
});
