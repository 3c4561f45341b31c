import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { lookDeeper, type LookProgress } from '../../../lib/engine/look-deeper.ts';
import { kinds } from '../../../lib/resources/index.ts';
import { chunkOf } from '../../support/chunk.ts';
import { declareStates } from '../../support/observe-case.ts';
import { withSlab } from '../../support/slab.ts';
import { MIB } from '../../support/storage/disk-size.ts';
import { withDiskHost } from '../../support/with-disk-host.ts';

const TWELVE = Array.from({ length: 12 }, (_, n) => `D${n + 1}`);

describe('a plan of twelve disks', function () {
  this.timeout(180_000);
  const host = withDiskHost();

  it('asks for facts once, proves all that look blank in one exchange, and says of each when its turn comes', async () => {
    for (const serial of TWELVE) host.insert(serial, { sizeBytes: 24 * MIB });
    const kind = kinds.get('disk') ?? assert.fail('there is disk.data');
    const args = { serials: TWELVE, count: 12, mount: '/srv/{n}', filesystem: 'ext4', when_blank: 'format' };
    const states = [{ function: 'data', name: 'object', args }];
    const { declared } = declareStates(kind, { states, records: host.records });
    const ask = (text: string) => host.run(`{\n${text}\n} </dev/null`);
    const observed = kind.observe(ask(kind.probe(declared, new Map()).text), declared);
    const examined = declared.map((each, n) => ({
      ...{ kind, declared: each, observed: observed[n] ?? null },
      chunk: chunkOf({ module: 'disk', fun: 'data', name: 'object', id: 'object', args }),
    }));
    const events: (LookProgress | 'exchange')[] = [];

    await lookDeeper(examined, new Map(), {
      exchange: (sections, { started, finished }) => {
        events.push('exchange');
        const answers = sections.map(({ name, script }) => {
          started?.(name);
          const answer = { ...ask(script.text), name };
          finished?.(answer);
          return answer;
        });
        return Promise.resolve(answers);
      },
      progress: (progress) => events.push(progress),
    });

    const [first, ...told] = events;
    assert.equal(first, 'exchange');
    assert.deepEqual(
      told.map((each) => (each === 'exchange' ? each : [each.done, each.total])),
      TWELVE.map((_, n) => [n, 12]),
    );
    for (const [n, serial] of TWELVE.entries())
      assert.match(JSON.stringify(told[n]), new RegExp(`"what":"[^"]*${serial}\\b`));
  });
});

describe('new disks on a host', function () {
  this.timeout(180_000);
  const hosts = withSlab({ count: 1, diskless: true, disks: { count: 3, sizeBytes: 40 * MIB } });
  const { name, on } = hosts;

  const states = (...disks: readonly number[]) => ({
    'states/site.sls': `object:
  disk.data:
    - serials: [${disks.map((n) => `${name()}-d${n}`).join(', ')}]
    - mount: /srv/object/{n}
    - filesystem: ext4
    - when_blank: format
    - max_new: 1
`,
  });

  it('H90: more of them than max_new, where disks of the role are known, are all left alone', async () => {
    const project = hosts.project({ files: states(1) });
    const first = await project.slab('apply', '-y');
    project.write(states(1, 2, 3));

    const { all, code } = await project.slab('apply', '-y');

    assert.equal(first.code, 0, first.all);
    assert.equal(code, 5, all);
    assert.match(all, /it looks new, and 2 at once are asked for/);
    for (const n of [2, 3])
      assert.equal(
        await on(name(), `cmp -n ${40 * MIB} /dev/disk/by-id/virtio-${name()}-d${n} /dev/zero`),
        '',
      );
  });
});
