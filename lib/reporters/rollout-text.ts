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
  /** Stages that are left out, as they were passed before. */
  readonly skipped: readonly string[];
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
    const title = [
      `${index + 1}  ${show(stage.name)}`,
      plural(names.length, 'host'),
      `${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`,
      `${allowed} may fail`,
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
      : [paint.dim(`passed before by these states: ${show(view.skipped.join(', '))}`)];
  const none = view.stages.length === 0 ? ['Every stage was passed by these states: nothing to do'] : [];
  return `${[paint.bold(head.join(dot)), ...skipped, ...rows, ...none].join('\n')}\n`;
}
