import { foldHosts } from '../diagnostics/fold.ts';
import type { Gate, RolloutStage } from '../model/rollout.ts';
import { duration, makeStyle, plural, type StyleOptions } from './style.ts';

/** A roll-out before it begins. */
export interface RolloutView {
  readonly environment: string;
  readonly stages: readonly {
    readonly stage: RolloutStage;
    readonly batches: readonly (readonly string[])[];
    readonly allowed: number;
  }[];
  /** Stages that are left out. */
  readonly skipped: readonly string[];
  /** What this content has passed before, with the run of each. */
  readonly passed: ReadonlyMap<string, string>;
  readonly allowed: number;
  readonly gates: ReadonlyMap<string, Gate>;
}

/** Stages, batches, budgets and gates of a roll-out, for a person to read before it begins. */
export function renderRollout(view: RolloutView, options: StyleOptions = {}): string {
  const style = makeStyle(options);
  const { paint, glyph, show } = style;
  const dot = ` ${glyph.dot} `;
  const hosts = view.stages.reduce((sum, { batches }) => sum + batches.flat().length, 0);
  const run = view.allowed === Infinity ? [] : [`${view.allowed} may fail in all`];
  const head = [
    `slab deploy`,
    show(view.environment),
    plural(hosts, 'host'),
    plural(view.stages.length, 'stage'),
    ...run,
  ];
  const rows = view.stages.flatMap(({ stage, batches, allowed }, index) => {
    const names = batches.flat();
    if (names.length === 0) return [paint.bold(`${index + 1}  ${show(stage.name)}${dot}no hosts`)];
    const title = [
      `${index + 1}  ${show(stage.name)}`,
      plural(names.length, 'host'),
      `${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`,
      `${allowed} may fail`,
      ...needsOf(stage, view, index).map(show),
      ...(stage.soakMs > 0 ? [`soak ${duration(stage.soakMs)}`] : []),
    ];
    const gates = stage.gates.map((name) => {
      const gate = view.gates.get(name);
      return gate === undefined ? name : `${name} (${gate.when.join(', ')})`;
    });
    return [
      paint.bold(title.join(dot)),
      ...batches.map(
        (batch, at) => `     batch ${at + 1}: ${plural(batch.length, 'host')}  ${show(foldHosts(batch))}`,
      ),
      ...(stage.drain === undefined || stage.undrain === undefined
        ? []
        : [
            `     drained before each change: ${show(stage.drain.command)} (on ${show(stage.drain.on)}), after: ${show(stage.undrain.command)} (on ${show(stage.undrain.on)})`,
          ]),
      ...(gates.length > 0 ? [`     gates: ${show(gates.join(', '))}`] : []),
    ];
  });
  const skipped =
    view.skipped.length === 0
      ? []
      : [paint.dim(`left out: ${view.skipped.map((name) => show(passedWords(name, view))).join(', ')}`)];
  const none = view.stages.length === 0 ? ['Every stage was passed by these states: nothing to do'] : [];
  return `${[paint.bold(head.join(dot)), ...skipped, ...rows, ...none].join('\n')}\n`;
}

/** What a stage needs, where it is more than being run in its turn. */
function needsOf({ needs }: RolloutStage, view: RolloutView, index: number): readonly string[] {
  if (needs.length === 0) return index === 0 && view.skipped.length === 0 ? [] : ['needs nothing'];
  const here = view.stages.slice(0, index).map(({ stage }) => stage.name);
  return [
    `needs ${needs.map(({ name }) => (here.includes(name) ? name : passedWords(name, view))).join(', ')}`,
  ];
}

function passedWords(name: string, { passed }: RolloutView): string {
  const run = passed.get(name);
  return run === undefined ? `${name} (NOT passed by this content)` : `${name} (passed in run ${run})`;
}
