import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { didYouMean } from '../diagnostics/near.ts';
import type { SourceRange } from '../model/source.ts';
import { mistake } from './mistake.ts';

/** What a text is read as; `text`: nothing reads it as data. */
export type Format = 'yaml' | 'yamlex' | 'json' | 'text';

/** How a file becomes data, step by step. */
export interface Pipeline {
  /** What happens to the text, in order. */
  readonly text: readonly ('jinja' | 'gpg')[];
  readonly format: Format;
  /** Whether encrypted values of the data are decrypted. */
  readonly gpg: boolean;
}

const DEFAULT: Pipeline = { text: ['jinja'], format: 'yaml', gpg: false };

/** One renderer of the line, with what is written behind its name and where. */
interface Stage {
  readonly name: string;
  readonly argument: string;
  readonly source: SourceRange;
}

/** What a pipeline is made of. `text` is slab's word for doing nothing. */
const KNOWN: readonly string[] = ['jinja', 'yaml', 'yamlex', 'json', 'gpg', 'text'];

/** Names from before pipelines (salt/template.py: OLD_STYLE_RENDERERS). */
const OLD_STYLE: ReadonlyMap<string, readonly string[]> = new Map([
  ['yaml_jinja', ['jinja', 'yaml']],
  ['json_jinja', ['jinja', 'json']],
  ['yamlex_jinja', ['jinja', 'yamlex']],
]);

const AS_DATA = 'write it as Jinja and YAML; "slab show low" prints what has to come out';
const AS_JINJA = 'write it in Jinja: {% for %}, {{ value }}';
const AS_GPG = 'encrypt with GnuPG and use gpg, or keep the value out of the files';

/** Why the other renderers of Salt are not here, and what to do. */
const FOREIGN: ReadonlyMap<string, readonly [why: string, fix: string]> = new Map([
  ['py', ['slab runs no Python', AS_DATA]],
  ['pydsl', ['slab runs no Python', AS_DATA]],
  ['pyobjects', ['slab runs no Python', AS_DATA]],
  ['mako', ['slab reads templates in Jinja only', AS_JINJA]],
  ['genshi', ['slab reads templates in Jinja only', AS_JINJA]],
  ['wempy', ['slab reads templates in Jinja only', AS_JINJA]],
  ['cheetah', ['slab reads templates in Jinja only', AS_JINJA]],
  ['aws_kms', ['slab decrypts by GnuPG only', AS_GPG]],
  ['nacl', ['slab decrypts by GnuPG only', AS_GPG]],
  ['pass', ['slab decrypts by GnuPG only', AS_GPG]],
  ['stateconf', ['its local names and parameters are not read', 'write full IDs, and use jinja|yaml']],
  ['hjson', ['slab reads JSON and YAML', 'use yaml: most Hjson is YAML too']],
  ['json5', ['slab reads JSON and YAML', 'use yaml: most JSON5 is YAML too']],
  ['toml', ['slab reads JSON and YAML', 'write it as YAML']],
  ['msgpack', ['slab reads JSON and YAML', 'write it as JSON']],
  ['dson', ['slab reads JSON and YAML', 'write it as JSON']],
  ['tomlmod', ['slab reads JSON and YAML', 'write it as YAML']],
]);

/**
 * Reads the `#!jinja|yaml` line of a file (salt/template.py: template_shebang); only the first line counts, and
 * `#!/path` is none. What follows a name counts for jinja only, which takes `-s`; the others pass it over, as in Salt.
 * @returns the default, `jinja|yaml`, where there is none.
 */
export function readShebang(text: string, file: string): Pipeline | Diagnostic {
  const line = /^#!(?!\/)([^\r\n]*)/.exec(text)?.[1];
  if (line === undefined) return DEFAULT;
  const stages = readStages(line, file);
  const old = OLD_STYLE.get(line.trim());
  const [first] = stages;
  if (old !== undefined && first !== undefined)
    return assemble(old.map((name) => ({ name, argument: '', source: first.source })));
  const foreign = stages.find(({ name }) => !KNOWN.includes(name));
  return foreign === undefined ? assemble(stages) : unknownRenderer(foreign);
}

function readStages(line: string, file: string): readonly Stage[] {
  let offset = '#!'.length;
  return line.split('|').map((part) => {
    const words = part.trim();
    const column = offset + part.length - part.trimStart().length + 1;
    offset += part.length + 1;
    const [name = '', ...rest] = words.split(' ');
    const endColumn = column + Math.max(name.length, 1);
    return { name, argument: rest.join(' ').trim(), source: { file, line: 1, column, endColumn } };
  });
}

function assemble(stages: readonly Stage[]): Pipeline | Diagnostic {
  const text: ('jinja' | 'gpg')[] = [];
  let format: Format | undefined;
  let gpg = false;
  for (const stage of stages) {
    const { name, argument } = stage;
    if (name === 'jinja') {
      if (argument !== '' && argument !== '-s')
        return refuse(stage, `jinja has no option ${argument}`, 'it takes -s, or nothing');
      if (format !== undefined)
        return refuse(stage, `jinja renders text, and ${format} has made data of it`, 'put jinja first');
      if (text.includes('jinja'))
        return refuse(stage, 'the text has been rendered by jinja already', 'write jinja once');
      text.push('jinja');
    } else if (name === 'gpg') {
      if (format === undefined) text.push('gpg');
      else gpg = true;
    } else if (name !== 'text') {
      if (format !== undefined)
        return refuse(
          stage,
          `${name} reads text, and ${format} has made data of it`,
          `use ${name} or ${format}`,
        );
      format = name as Format; // of KNOWN, nothing else is left
    }
  }
  return { text, format: format ?? 'text', gpg };
}

function refuse({ name, source }: Stage, why: string, fix: string): Diagnostic {
  return mistake('SLAB2017', `the renderer ${name} cannot stand here`, source, { why, fix });
}

function unknownRenderer({ name, source }: Stage): Diagnostic {
  const [why, fix] = FOREIGN.get(name) ?? [
    'Salt has no renderer of that name either, and would render nothing',
    didYouMean(name, KNOWN) ?? 'use jinja|yaml, yaml, jinja|json or json',
  ];
  const summary = name === '' ? 'a renderer is missing' : `the renderer ${name} is not supported`;
  return mistake('SLAB2017', summary, source, { why, fix });
}
