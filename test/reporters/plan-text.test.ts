import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { createRedactor } from '../../lib/diagnostics/redact.ts';
import { displayWidth } from '../../lib/diagnostics/width.ts';
import type { Plan } from '../../lib/model/plan.ts';
import { reportPlan } from '../../lib/plan/report.ts';
import { loadPaint } from '../../lib/reporters/colour.ts';
import { renderPlanText } from '../../lib/reporters/plan-text.ts';
import type { PlanTextOptions } from '../../lib/reporters/plan-text.ts';
import {
  chunk,
  contents,
  fleet,
  hostPlan,
  inSync,
  mkfs,
  names,
  nginxConf,
  planOf,
  setting,
  somaxconn,
  threeHosts,
} from '../support/plans.ts';

const text = (plan: Plan, options: PlanTextOptions = {}) => renderPlanText(reportPlan(plan), options);

describe('renderPlanText', () => {
  it('shows three hosts', () => {
    assert.equal(
      text(threeHosts, { apply: 'slab apply -e prod -t web' }),
      `slab plan · prod · 3 hosts · read-only
Read 3 of 3 hosts in 1.9 s

Risk
  r  3 hosts  service nginx restarts  web[01-03]                                 states/nginx.sls:14
  r  1 host   service ssh reloads     web03                                         states/ssh.sls:5
              kept only if slab can log in again within 60 s

A · web[01-02] · 2 changes and 1 restart each
  ~ file /etc/nginx/nginx.conf                                                    states/nginx.sls:8
         1    user www-data;
         2  - worker_processes 4;
         2  + worker_processes 8;
         3    pid /run/nginx.pid;
  r service nginx restarts                                                       states/nginx.sls:14
      because  /etc/nginx/nginx.conf changes
  ~ sysctl net.core.somaxconn  128 → 4096                                         states/base.sls:22

B · web03 · as A, and 3 more
  ~ file /etc/ssh/sshd_config.d/10-slab.conf                                        states/ssh.sls:5
         1    # slab
         2  - PasswordAuthentication yes
         2  + PasswordAuthentication no
      mode 0644 → 0600
      r reload service ssh, kept only if slab can log in again within 60 s
  + pkg linux-image-amd64  6.1.112-1                                              states/base.sls:31
      note  the host needs a reboot to use it
  ? mount /srv/data  device is not known yet                                       states/disk.sls:9
      because  the UUID is known once the partition exists

Plan: 3 hosts · 9 changes (1 create, 7 update, 1 unknown) · 4 restarts · 0 destroyed · 142 in sync
Nothing was changed.   Apply: slab apply -e prod -t web
`,
    );
  });

  it('shows a fleet: who was not read, every risk, a table, then each group once', () => {
    assert.equal(
      text(fleet),
      `slab plan · prod · 300 hosts · read-only
Read 297 of 300 hosts in 18.6 s · NOT read: 3 hosts
  x web077  SLAB3301: no answer from 10.0.4.77:22 for 10 s
      fix: ssh -v 10.0.4.77
  x db[62-63]  SLAB3302: the key deploy@laptop was rejected

Risk
  !  1 host     destroys data on blockdev /dev/disk/by-id/nvme-S5H9  db61          states/disk.sls:3
                1.9 TB, holds ext4 "old-data"
  r  212 hosts  service nginx restarts      web[001-076,078-213]                 states/nginx.sls:14
  x  1 host     service nginxx cannot work  lb24                                    states/web.sls:4
                the unit nginxx.service does not exist

Groups of identical changes
  A  212 hosts  web[001-076,078-213]  ~ nginx.conf  r nginx  ~ net.core.somaxconn
  B   60 hosts  db[001-060]           ~ net.core.somaxconn
  C     1 host  db61                  as B, ! nvme-S5H9  ? data · odd one out
  D     1 host  lb24                  x nginxx · odd one out
  =   23 hosts  lb[01-23]             in sync

A · 212 hosts web[001-076,078-213] · 2 changes and 1 restart each
  ~ file /etc/nginx/nginx.conf                                                    states/nginx.sls:8
         1    user www-data;
         2  - worker_processes 4;
         2  + worker_processes 8;
         3    pid /run/nginx.pid;
  r service nginx restarts                                                       states/nginx.sls:14
      because  /etc/nginx/nginx.conf changes
  ~ sysctl net.core.somaxconn  128 → 4096                                         states/base.sls:22

B · 60 hosts db[001-060] · 1 change each
  ~ sysctl net.core.somaxconn  128 → 4096                                         states/base.sls:22

C · db61 · as B, and 2 more · odd one out
  ! blockdev /dev/disk/by-id/nvme-S5H9  filesystem ext4 "old-data" → xfs, destroys data
                                                                                   states/disk.sls:3
      because  1.9 TB, holds ext4 "old-data"
  ? mount /srv/data  device is not known yet                                       states/disk.sls:9
      because  the UUID is known once the partition exists

D · lb24 · 1 change · odd one out
  x service nginxx                                                                  states/web.sls:4
      problem  the unit nginxx.service does not exist

Plan: 274 of 297 hosts change · 487 changes (1 create, 485 update, 1 unknown) · 212 restarts
      1 destroyed · 1 problem · 914 in sync · 3 NOT read
Nothing was changed.
`,
    );
  });

  it('needs no more than 25 lines for one change on 300 hosts', () => {
    const plan = planOf(names('web', 1, 300).map((host) => hostPlan(host, [...inSync(3), nginxConf])));

    assert.ok(text(plan).split('\n').length <= 25);
  });

  it('says when there is nothing to do, and whom it does not speak of', () => {
    assert.equal(
      text(
        planOf([hostPlan('a', inSync(4))], {
          unread: [{ host: 'b', code: 'SLAB3301', reason: 'no answer' }],
        }),
      ),
      `slab plan · prod · 2 hosts · read-only
Read 1 of 2 hosts in 1.9 s · NOT read: 1 host
  x b  SLAB3301: no answer

= 1 host in sync: a

Plan: nothing to do on 1 host · 4 in sync · 1 NOT read
Nothing was changed.
`,
    );
  });

  it('keeps to ASCII and a narrow screen where asked', () => {
    const shown = text(threeHosts, { columns: 60, ascii: true });

    assert.match(shown, /^[\n -~]*$/);
    assert.match(shown, / {2}~ sysctl net\.core\.somaxconn {2}128 -> 4096\n {42}states\/base\.sls:22\n/);
    assert.match(
      shown,
      /\n {2}r {2}3 hosts {2}service nginx restarts {5}states\/nginx\.sls:14\n {14}web\[01-03\]\n/,
    );
  });

  it('never cuts a line of a file', () => {
    const long = `key = ${'0123456789'.repeat(12)}`;
    const plan = planOf([
      hostPlan('a', [
        chunk('file.managed', '/x', 'x.sls:1', { changes: [contents('file:/x', null, `${long}\n`)] }),
      ]),
    ]);

    const rows = text(plan, { columns: 80 }).split('\n');
    const at = rows.findIndex((row) => row.includes('+ key'));

    assert.equal(rows[at]?.endsWith('↵'), true);
    assert.equal(((rows[at] ?? '') + (rows[at + 1] ?? '')).replace(/^\s*1 {2}\+ |↵\s*/g, ''), long);
  });

  it('shows what differs even when it is white space or a missing line end', () => {
    const plan = planOf([
      hostPlan('a', [
        chunk('file.managed', '/x', 'x.sls:1', {
          changes: [contents('file:/x', 'a\tb \nend', 'a b\nend\n')],
        }),
      ]),
    ]);

    assert.match(text(plan), /- a\\tb·\n.*- end \(no line end\)\n.*\+ a b\n.*\+ end\n/);
  });

  it('cuts long new files and many groups, says so, and shows all when asked', () => {
    const file = chunk('file.managed', '/x', 'x.sls:1', {
      changes: [contents('file:/x', null, 'line\n'.repeat(50))],
    });
    const plan = planOf(
      names('h', 1, 9).map((host, i) =>
        hostPlan(host, [{ ...file, notes: [`variant ${'x'.repeat(i + 1)}`] }]),
      ),
    );

    assert.match(text(plan), /… 10 more lines/);
    assert.match(text(plan), /Groups G to I \(3 hosts\) not shown in full; add --full/);
    assert.doesNotMatch(text(plan, { full: true }), /more lines|not shown/);
  });

  it('shows every risk, however many there are', () => {
    const plan = planOf(
      Array.from({ length: 50 }, (_, i) =>
        hostPlan(`h${i}`, [
          { ...mkfs, changes: mkfs.changes.map((each) => ({ ...each, object: `blockdev:/dev/disk${i}x` })) },
        ]),
      ),
    );

    const shown = text(plan);

    for (let i = 0; i < 50; i++) assert.match(shown, new RegExp(`destroys data on blockdev /dev/disk${i}x `));
  });

  it('says when hosts of a group differ in their own name', () => {
    const motd = (host: string) =>
      hostPlan(host, [
        chunk('file.managed', '/m', 'm.sls:1', { changes: [contents('file:/m', null, `on ${host}\n`)] }),
      ]);

    assert.match(
      text(planOf([motd('web1'), motd('web2')])),
      /A · web\[1-2\] · 1 change each · each with its own name, shown for web1\n/,
    );
  });

  it('hides secrets even where a line is wrapped', () => {
    const secret = 'correct-horse-battery-staple-'.repeat(5);
    const plan = planOf([
      hostPlan('a', [
        chunk('file.managed', '/x', 'x.sls:1', { changes: [contents('file:/x', null, `k=${secret}\n`)] }),
      ]),
    ]);

    const shown = renderPlanText(reportPlan(plan, createRedactor([secret])), { columns: 60 });

    assert.doesNotMatch(shown, /horse/);
    assert.match(shown, /\+ ‹masked, 147 chars›/);
  });

  it('cannot be driven by what hosts and files say', () => {
    const hostile = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(hostile, hostile, hostile, (a, b, c) => {
        const plan = planOf(
          [
            hostPlan(a, [
              chunk('file.managed', b, `${c}:1`, {
                changes: [contents(`file:${b}`, a, c), setting(`x:${c}`, b, a, { [b]: c })],
                notes: [a],
                problems: [b],
                because: c,
              }),
            ]),
          ],
          { environment: c, unread: [{ host: b, code: 'X', reason: a, fix: c }] },
        );

        assert.doesNotMatch(text(plan, { apply: a }), /[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069]/u);
      }),
    );
  });

  it('is as wide in colour as without', async () => {
    const paint = await loadPaint(true);

    assert.deepEqual(
      text(fleet, { paint }).split('\n').map(displayWidth),
      text(fleet).split('\n').map(displayWidth),
    );
  });

  it('shows a value that appears, goes or is empty', () => {
    const plan = planOf([
      hostPlan('a', [
        chunk('x.y', 'z', 'x.sls:1', {
          changes: [
            setting('x:z', 'owner', null, 'root'),
            setting('x:z', 'label', 'old', null),
            setting('x:z', 'note', '', { a: [1] }),
          ],
        }),
        somaxconn,
      ]),
    ]);

    assert.match(text(plan), /\n {6}owner → root\n {6}label old → nothing\n {6}note "" → \{"a":\[1\]\}\n/);
  });
});
