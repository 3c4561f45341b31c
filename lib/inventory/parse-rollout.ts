import type { Checked } from '../diagnostics/diagnostic.ts';
import type { Rollout } from '../model/rollout.ts';
import { parseYaml } from '../yaml/parse.ts';
import { readAmount } from './rollout-amount.ts';
import { readGate } from './rollout-gate.ts';
import { settleNeeds } from './rollout-needs.ts';
import { readStage } from './rollout-stage.ts';
import { ShapeReader } from './shape.ts';

/**
 * Reads `rollout.yaml`.
 * @returns the roll-out, or every mistake in it (SLAB1002, SLAB1010, SLAB2001).
 */
export function parseRollout({
  file,
  text,
}: {
  readonly file: string;
  readonly text: string;
}): Checked<Rollout> {
  const { value: root, diagnostics } = parseYaml(text, { file });
  if (root === undefined) return { diagnostics };
  const reader = new ShapeReader();
  const members = reader.members(root, 'the roll-out', ['stages', 'gates', 'budget']);
  const gateNode = members.get('gates');
  const gates = new Map(
    (gateNode === undefined ? [] : reader.entries(gateNode, 'gates')).flatMap(({ name, node }) => {
      const gate = readGate(reader, name.value, node);
      return gate === undefined ? [] : [[gate.name, gate] as const];
    }),
  );
  // Needs no settings, so it need not be written down.
  if (!gates.has('converged'))
    gates.set('converged', {
      ...{ name: 'converged', source: root.source, when: ['after'], tries: 1, everyMs: 0 },
      check: { of: 'converged' },
    });
  const list = members.get('stages');
  if (list?.type !== 'list' || list.items.length === 0)
    reader.complain((list ?? root).source, 'a roll-out has stages', {
      fix: "write stages: [{name: first, target: 'web01'}, {name: rest, target: '*'}]",
    });
  const written = (list?.type === 'list' ? list.items : []).map((node) => readStage(reader, node, gates));
  for (const [index, stage] of written.entries())
    if (written.slice(0, index).some(({ name }) => name === stage.name))
      reader.complain(stage.source, `two stages are called ${stage.name}`, {
        fix: 'give each a name of its own',
      });
  const stages = settleNeeds(reader, written);
  const budgetNode = members.get('budget');
  const budget = budgetNode === undefined ? undefined : readAmount(reader, budgetNode, 'budget');
  if (reader.diagnostics.length > 0) return { diagnostics: reader.diagnostics };
  return { value: { stages, gates, ...(budget === undefined ? {} : { budget }) }, diagnostics: [] };
}
