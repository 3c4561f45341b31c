import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { reportPlan } from '../../lib/plan/report.ts';
import { renderPlanText } from '../../lib/reporters/plan-text.ts';
import { chunk, hostPlan, planOf, setting } from '../support/plans.ts';

describe('itemRows', () => {
  it('show what only runs because of another state as what runs', () => {
    const refresh = {
      ...setting('module:reload it', 'call', null, 'service.reload nginx'),
      ...({ action: 'run', risk: 'disrupt', why: 'a watched state changed' } as const),
    };
    const plan = planOf([hostPlan('web1', [chunk('module.wait', 'service.reload', 'a.sls:3', { refresh })])]);

    assert.match(
      renderPlanText(reportPlan(plan)),
      /> module reload it {2}call service\.reload nginx +states\/a\.sls:3\n {6}because {2}a watched state changed\n/,
    );
  });
});
