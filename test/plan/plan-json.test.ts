import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import { describe, it } from 'mocha';
import { createRedactor } from '../../lib/diagnostics/redact.ts';
import { planToJson } from '../../lib/plan/plan-json.ts';
import { planSchema } from '../../lib/plan/plan.schema.ts';
import { reportPlan } from '../../lib/plan/report.ts';
import {
  chunk,
  contents,
  fleet,
  hostPlan,
  planOf,
  setting,
  somaxconn,
  threeHosts,
} from '../support/plans.ts';

const validate = new Ajv({ strict: true, allErrors: true }).compile(planSchema);
const json = (plan: Parameters<typeof reportPlan>[0], secrets: readonly string[] = []) =>
  planToJson(reportPlan(plan, createRedactor(secrets)));

describe('planToJson', () => {
  for (const [title, plan] of Object.entries({ threeHosts, fleet, empty: planOf([]) }))
    it(`writes ${title} as its schema says`, () => {
      validate(json(plan));

      assert.deepEqual(validate.errors, null);
    });

  it('has a schema that refuses other shapes', () => {
    assert.equal(validate({ ...json(threeHosts), format: 'slab.plan/2' }), false);
    assert.equal(validate({ ...json(threeHosts), extra: 1 }), false);
  });

  it('writes each change once and lets groups and hosts point at it', () => {
    const one = planOf([hostPlan('web1', [somaxconn]), hostPlan('web2', [somaxconn])]);

    const { groups, changes, hosts } = json(one);

    const [id = ''] = Object.keys(changes as object);
    assert.deepEqual(changes, {
      [id]: {
        object: 'sysctl:net.core.somaxconn',
        function: 'sysctl.present',
        symbol: '~',
        risk: 'change',
        source: { file: 'states/base.sls', line: 22, column: 3 },
        differences: [
          {
            object: 'sysctl:net.core.somaxconn',
            field: 'value',
            action: 'update',
            risk: 'change',
            certainty: 'exact',
            before: 128,
            after: 4096,
          },
        ],
        problems: [],
        notes: [],
      },
    });
    assert.deepEqual((groups as { changes: unknown }[])[0]?.changes, [id]);
    assert.deepEqual(hosts, { web1: { group: 'A' }, web2: { group: 'A' } });
  });

  it('identifies a plan by what it would do, not by when it was made', () => {
    const later = { ...threeHosts, madeAt: '2027-01-01T00:00:00.000Z', durationMs: 1 };

    assert.equal(json(later)['planId'], json(threeHosts)['planId']);
    assert.notEqual(json(fleet)['planId'], json(threeHosts)['planId']);
  });

  it('shows neither secrets nor hidden contents nor whole texts', () => {
    const filler = 'unchanged far away\n' + 'x\n'.repeat(9);
    const plan = planOf([
      hostPlan('web1', [
        chunk('file.managed', '/etc/app', 'app.sls:1', {
          changes: [
            contents('file:/etc/app', `${filler}password=0ld-pw\n`, `${filler}password=n3w-pw\n`),
            setting('file:/etc/app', 'owner', 'n3w-pw', 'root'),
          ],
          notes: ['uses n3w-pw'],
        }),
        chunk('file.managed', '/etc/key', 'app.sls:9', {
          changes: [
            {
              ...contents('file:/etc/key', null, null),
              text: { before: 'hidden one', after: 'hidden two', hidden: true },
            },
          ],
        }),
      ]),
    ]);

    const text = JSON.stringify(json(plan, ['n3w-pw']));

    assert.doesNotMatch(text, /n3w-pw|0ld-pw|hidden one|hidden two|far away/);
    assert.match(text, /‹masked, 15 chars›/);
    assert.match(text, /contents are not shown/);
  });
});
