import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { toFloat } from '../../lib/jinja/python/value.ts';
import type { HostValue } from '../../lib/jinja/api.ts';
import type { Value } from '../../lib/model/value.ts';
import { createEngine } from '../../lib/jinja/engine.ts';

/** A template with what it sees; `vars` in JSON, floats written as `{"$float": 1.5}` to our side. */
export interface Case {
  readonly template: string;
  readonly vars: Readonly<Record<string, Json>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Jinja's trim_blocks and lstrip_blocks. */
  readonly trim?: boolean;
  readonly lstrip?: boolean;
}

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What rendering gave: the text, or which sort of error. */
export interface Answer {
  readonly text?: string;
  readonly error?: 'syntax' | 'undefined' | 'runtime';
  readonly message?: string;
}

/** Asks Debian's Jinja2 about many templates in one process. */
export function askRealJinja(cases: readonly Case[]): readonly Answer[] {
  const script = fileURLToPath(new URL('./oracle.py', import.meta.url));
  const input = cases.map((one) => JSON.stringify(one)).join('\n');
  const run = spawnSync('/usr/bin/python3', [script], { input, encoding: 'utf8', maxBuffer: 1 << 30 });
  if (run.status !== 0)
    throw new Error(
      `The real Jinja2 is missing, and these tests compare with it: apt install python3-jinja2 python3-yaml\n${run.stderr}${String(run.error ?? '')}`,
    );
  return (
    run.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer)
      // A TypeError about an undefined value says what ours says first: that it is undefined.
      .map((one) =>
        one.error === 'runtime' && /^TypeError.*Undefined\b/.test(one.message ?? '')
          ? { ...one, error: 'undefined' }
          : one,
      )
  );
}

/** Renders a template with our engine, with Jinja's settings rather than Salt's. */
export function askOurs({ template, vars, files = {}, trim = false, lstrip = false }: Case): Answer {
  const engine = createEngine({
    loader: { load: (name) => (files[name] === undefined ? undefined : { file: name, text: files[name] }) },
    importsSeeVariables: false,
    trimBlocks: trim,
    lstripBlocks: lstrip,
    stepLimit: 200_000,
  });
  const compiled = engine.compile({ file: 'test.sls', text: template });
  if (compiled.template === undefined)
    return { error: 'syntax', message: compiled.diagnostics[0]?.summary ?? '' };
  const variables = new Map(Object.entries(vars).map(([name, value]) => [name, toValue(value) as HostValue]));
  const rendering = compiled.template.render(variables);
  if (rendering.rendered !== undefined) return { text: rendering.rendered.text };
  const [first] = rendering.diagnostics;
  const error = first?.code === 'SLAB2003' ? 'undefined' : first?.code === 'SLAB2002' ? 'syntax' : 'runtime';
  return { error, message: first?.summary ?? '' };
}

/** JSON as template values; a fraction makes a float, as in Python. */
function toValue(json: Json): Value {
  if (json === null || typeof json === 'boolean' || typeof json === 'string') return json;
  if (typeof json === 'number') return Number.isInteger(json) ? json : toFloat(json);
  if (Array.isArray(json)) return json.map((item: Json) => toValue(item));
  return new Map(Object.entries(json).map(([key, item]) => [key, toValue(item)]));
}
