import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { HostPlan, Plan, PlannedChunk } from '../../lib/model/plan.ts';
import { groupKey } from '../../lib/plan/group.ts';
import { reportPlan } from '../../lib/plan/report.ts';
import { renderMarkdown } from '../../lib/reporters/markdown.ts';
import { chunk, contents, setting } from '../support/plans.ts';

function hostPlan(host: string, chunks: readonly PlannedChunk[]): HostPlan {
  return { host, chunks, group: groupKey(chunks, [host]) };
}

function markdown(hosts: readonly HostPlan[], rest: Partial<Plan> = {}, limit?: number): string {
  const plan: Plan = {
    format: 'slab.plan/1',
    environment: 'prod',
    madeAt: '2026-11-28T12:00:00Z',
    targeted: hosts.length,
    hosts,
    unread: [],
    durationMs: 1200,
    ...rest,
  };
  return renderMarkdown(reportPlan(plan), limit === undefined ? {} : { limit });
}

const file = (name: string, before: string, after: string): PlannedChunk =>
  chunk('file.managed', name, 'site.sls:3', { changes: [contents(`file:${name}`, before, after)] });

describe('a plan as Markdown', () => {
  it('has the head, the groups, their changes and the counts', () => {
    const text = markdown([
      hostPlan('web1', [file('/etc/a', 'one\n', 'two\n')]),
      hostPlan('web2', [file('/etc/a', 'one\n', 'two\n')]),
      hostPlan('db1', [chunk('pkg.installed', 'vim', 'site.sls:9')]),
    ]);

    assert.equal(
      text,
      `<!-- slab:plan prod -->
### slab plan · prod · 1 of 3 hosts change

> Read from 3 of 3 hosts. Nothing was changed.

**Groups of identical changes**

| Group | Hosts | Changes |
|---|---|---|
| A | 2 · \`web[1-2]\` | ~ \`file:/etc/a\` |
| = | 1 · \`db1\` | none |

<details><summary>A · 2 hosts · web[1-2]</summary>

~ \`file:/etc/a\` · \`states/site.sls:3\`

- contents

\`\`\`diff
@@ -1 +1 @@
-one
+two
\`\`\`

</details>

2 changes · 1 in sync
`.replace('1 of 3 hosts change', '2 of 3 hosts change'),
    );
  });

  it('names hosts of which nothing is known, by reason', () => {
    const unread = ['a1', 'a2', 'b1'].map((host) => ({
      host,
      code: 'SLAB3301',
      reason: host.startsWith('a') ? 'timed out' : 'refused',
    }));

    const text = markdown([], { targeted: 3, unread });

    assert.match(text, /\*\*Nothing is known of 3 hosts\*\*\n\n- `a\[1-2\]`: timed out\n- `b1`: refused\n/);
  });

  it('keeps to its limit and says which groups it leaves out', () => {
    const hosts = Array.from({ length: 30 }, (_, index) =>
      hostPlan(`h${index}`, [file(`/etc/f${index}`, 'x\n', `${index} ${'line\n'.repeat(200)}`)]),
    );

    const text = markdown(hosts, {}, 10_000);

    assert.ok(text.length <= 10_000, String(text.length));
    assert.match(text, /_Not shown for want of room: groups .*; --format json has all\._/);
    for (const index of hosts.keys()) assert.match(text, new RegExp(`\`h${index}\``));
  });

  it('has every risk before everything else, whatever the limit leaves out', () => {
    const risky = hostPlan('h1', [
      chunk('disk.data', 'd', 'site.sls:4', {
        changes: [{ ...setting('disk:X1', 'contents', null, null), risk: 'destroy', why: 'approved' }],
      }),
      file('/etc/a', 'x\n', 'line\n'.repeat(5000)),
    ]);

    const text = markdown([risky], {}, 3000);

    assert.ok(text.length <= 3000);
    assert.match(
      text,
      /\| 🛑 destroys data \| 1 · `h1` \| `disk:X1` contents: approved \| `states\/site\.sls:4` \|/,
    );
  });

  it('cannot be left by what stands in it', () => {
    const nasty = fc.stringMatching(/^[a`|<>&@\n\r\u202e\u001b[\]()*_~\\-]{1,40}$/u);
    fc.assert(
      fc.property(nasty, nasty, nasty, (name, before, after) => {
        fc.pre(before !== after);
        const planned = chunk('file.managed', name, 'site.sls:3', {
          changes: [contents(`file:${name}`, before, after), setting(`file:${name}`, 'mode', before, after)],
          notes: [name],
        });
        const text = markdown([hostPlan('h1', [planned])]);

        assert.doesNotMatch(text, /[\u001b\u202e]/u);
        const outside = text
          .replace(/^(`{3,})diff\n[^]*?\n\1$/gmu, '')
          .replace(/(`+)(?!`)[^\n]*?[^`]\1(?!`)/gu, '');
        assert.deepEqual(outside.match(/<[^>]*>/gu), [
          '<!-- slab:plan prod -->',
          '<details>',
          '<summary>',
          '</summary>',
          '</details>',
        ]);
        assert.doesNotMatch(outside, /@[a-z]/u);
        const rows = text.split('\n').filter((line) => line.startsWith('| A |'));
        assert.equal(rows.length, 1);
      }),
      { numRuns: 300 },
    );
  });
});
