import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import type { Risk } from '../../lib/model/change.ts';
import type { Declared, Kind } from '../../lib/model/resource.ts';
import type { Script, SectionResult } from '../../lib/model/script.ts';
import type { Json } from '../../lib/model/json.ts';
import { type CaseContext, examine, type Examined, grainsOf } from './observe-case.ts';

const RISKS: readonly Risk[] = ['read', 'change', 'disrupt', 'reboot', 'destroy'];

/** What holds for every state of every kind, whatever the case. */
export function assertLaws(
  kind: Kind,
  context: CaseContext & { readonly secret?: string },
  {
    declared,
    result,
    examined,
    look,
  }: {
    declared: readonly Declared[];
    result: SectionResult;
    examined: readonly Examined[];
    look?: ((script: Script) => SectionResult) | undefined;
  },
): void {
  const grains = grainsOf(context.grains);
  assert.deepEqual(
    kind.probe(declared, grains),
    kind.probe(declared, grains),
    'probing twice gives the same script',
  );
  const again = examine(kind, declared, result, context.prospect, look);
  assert.deepEqual(again, examined, 'examining twice gives the same');
  for (const { declared: each, diff, steps, observed } of examined) {
    const { changes } = diff;
    if (changes.length === 0) assert.equal(steps.length, 0, 'no change, no step');
    else if ((diff.problems ?? []).length === 0)
      assert.notEqual(steps.length, 0, 'a change comes with a step');
    if (steps.length > 0) {
      const risk = (one: { readonly risk: Risk }): number => RISKS.indexOf(one.risk);
      const riskiest = Math.max(...changes.map(risk));
      assert.ok(
        steps.every((step) => risk(step) <= riskiest),
        'steps are never riskier than their changes',
      );
    }
    for (const change of changes)
      assert.ok(
        each.objects.length === 0 || each.objects.some((key) => related(key, change.object)),
        `the change of ${change.object} is one of an object it owns (${each.objects.join(', ')})`,
      );
    if (context.secret !== undefined) assertHidden(context.secret, { diff, steps, observed });
  }
}

/** Every script is read by both shells without complaint. */
export function assertShell(scripts: readonly Script[]): void {
  for (const { text } of scripts)
    for (const [command, ...args] of [
      ['dash', '-n'],
      ['busybox', 'ash', '-n'],
    ] as const) {
      const { status, stderr } = spawnSync(command, args, { input: text, encoding: 'utf8' });
      assert.equal(status, 0, `${command} reads the script: ${stderr}\n${text.slice(0, 2000)}`);
    }
}

function related(key: string, other: string): boolean {
  const base = (one: string): string => one.split('#')[0] ?? one;
  const isBelow = (one: string, above: string): boolean => one.startsWith(above.replace(/\/?$/, '/'));
  return base(key) === base(other) || isBelow(base(other), base(key)) || isBelow(base(key), base(other));
}

function assertHidden(
  secret: string,
  { diff, steps, observed }: Pick<Examined, 'diff' | 'steps' | 'observed'>,
): void {
  const shown = diff.changes.map(({ text, ...change }) =>
    text?.hidden === true ? change : { ...change, text },
  );
  const hiddenObservation = (json: Json): boolean =>
    typeof json === 'object' &&
    json !== null &&
    !Array.isArray(json) &&
    (json as { hidden?: Json }).hidden === true;
  const told = [shown, diff.problems, diff.notes, steps.map(({ title }) => title)];
  if (!hiddenObservation(observed)) told.push([JSON.stringify(observed)]);
  assert.ok(!JSON.stringify(told).includes(secret), 'a secret is not shown');
}
