import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { mistake } from './mistake.ts';

/** How a file becomes data: whether it is a Jinja template, and what its text then is. */
export interface Pipeline {
  readonly jinja: boolean;
  /** `text`: nothing reads the rendered text as data. */
  readonly format: 'yaml' | 'json' | 'text';
}

const DEFAULT: Pipeline = { jinja: true, format: 'yaml' };

/** Why the other renderers of Salt are not here. */
const REASONS: Readonly<Record<string, string>> = {
  py: 'slab runs no Python',
  pydsl: 'slab runs no Python',
  pyobjects: 'slab runs no Python',
  mako: 'slab reads templates in Jinja only',
  genshi: 'slab reads templates in Jinja only',
  wempy: 'slab reads templates in Jinja only',
  cheetah: 'slab reads templates in Jinja only',
  gpg: 'slab does not decrypt values in SLS files',
  aws_kms: 'slab does not decrypt values in SLS files',
  nacl: 'slab does not decrypt values in SLS files',
  pass: 'slab does not decrypt values in SLS files',
  yamlex: 'its !aggregate and !reset marks are not supported',
  stateconf: 'its local names and parameters are not supported',
};

/**
 * Reads the `#!jinja|yaml` line of a file; only the first line counts, and `#!/path` is none.
 * @returns the default, `jinja|yaml`, where there is none.
 */
export function readShebang(text: string, file: string): Pipeline | Diagnostic {
  const line = /^#!(?!\/)([^\r\n]*)/.exec(text)?.[1];
  if (line === undefined) return DEFAULT;
  const stages = line.split('|').map((stage) => stage.trim().split(/\s+/, 1)[0] ?? '');
  const written = stages.join('|');
  switch (written) {
    case 'jinja|yaml':
      return DEFAULT;
    case 'yaml':
      return { jinja: false, format: 'yaml' };
    case 'json':
      return { jinja: false, format: 'json' };
    case 'jinja|json':
      return { jinja: true, format: 'json' };
    case 'jinja':
      return { jinja: true, format: 'text' };
  }
  const foreign = stages.find((stage) => !['jinja', 'yaml', 'json'].includes(stage));
  const source = { file, line: 1, column: 1, endColumn: line.length + 3 };
  return mistake('SLAB2017', `the renderer ${foreign ?? written} is not supported`, source, {
    why:
      foreign === undefined
        ? 'a pipeline is a template engine, then a data format'
        : (REASONS[foreign] ?? 'Salt has no renderer of that name either, and would render nothing'),
    fix: 'use jinja|yaml, yaml, jinja|json or json',
  });
}
