import { Command } from 'commander';
import type { Json } from '../../model/json.ts';
import type { Ended } from '../ended.ts';
import {
  withProject,
  withReach,
  withShow,
  type ProjectOptions,
  type ReachOptions,
  type ShowOptions,
} from '../options.ts';

interface GrainsOptions extends ProjectOptions, ReachOptions, ShowOptions {
  readonly record?: boolean;
}

/** `slab grains`: what hosts say of themselves. */
export function grainsCommand(ended: Ended): Command {
  const command = new Command('grains')
    .description('ask hosts for their grains')
    .argument('[name...]', 'only these grains')
    .option(
      '--record',
      'keep them, and answers to what templates ask, in .slab for work without the network',
    );
  withShow(withReach(withProject(command)));
  return command.action(async (names: string[], options: GrainsOptions) => {
    ended.code = await showGrains(names, options);
  });
}

async function showGrains(names: readonly string[], options: GrainsOptions): Promise<number> {
  const { openResultConsole } = await import('../console.ts');
  const { withHosts } = await import('../read-hosts.ts');
  const { valueToJson } = await import('../../grains/grains-json.ts');
  const { recordHost } = await import('../record-host.ts');
  const console = await openResultConsole(options);
  const result = await withHosts(options, console, async (read, project, fleet) => {
    if (options.record === true) await recordHost(read, project, { console, fleet });
    return { name: read.host.name, grains: pick(valueToJson(read.grains), names) };
  });
  if (!('answers' in result)) return result.code;
  if (options.json === true) {
    console.printJson(Object.fromEntries(result.answers.map((each) => [each.name, each.grains])));
  } else {
    const { renderOutputs } = await import('../../reporters/table.ts');
    const outputs = result.answers.map((each) => ({
      host: each.name,
      code: 0,
      output: grainsText(each.grains),
    }));
    console.print(renderOutputs(outputs, console.style));
  }
  return result.code;
}

function pick(grains: Json, names: readonly string[]): Record<string, Json> {
  const all = Object.entries((grains ?? {}) as Record<string, Json>);
  return Object.fromEntries(names.length === 0 ? all : all.filter(([name]) => names.includes(name)));
}

function grainsText(grains: Record<string, Json>): string {
  return Object.entries(grains)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('\n');
}
