import type { HostCall, HostFunction } from '../../jinja/api.ts';
import { TemplateFailure } from '../../jinja/api.ts';
import { mistake } from '../mistake.ts';
import { define } from './define.ts';

/** Functions that need neither host nor data: paths as text, `test.*`, and `log.*` as no-operations. */
export function plainFunctions(): (readonly [string, HostFunction])[] {
  return [
    define('file.dirname', ['path'], (given) => directoryOf(given.text('path'))),
    define('file.basename', ['path'], (given) => {
      const path = given.text('path');
      return path.slice(path.lastIndexOf('/') + 1);
    }),
    // Salt writes these to its log and answers True; a template cannot speak to the person at the screen.
    ...['debug', 'info', 'warning', 'error', 'critical', 'trace'].map((level) =>
      define(`log.${level}`, ['message'], () => true),
    ),
    ['file.join', { name: 'file.join', call: joinPaths }],
    define('test.echo', ['text'], (given) => given.value('text') ?? null),
    // How formulas refuse a pillar that they cannot use.
    define('test.exception', ['message?'], (given) => given.fail(given.text('message', 'Test Exception'))),
    define('test.ping', [], () => true),
    // What a minion was given of a master's own modules, by sort: there is neither.
    define('saltutil.list_extmods', [], () => new Map()),
    define('test.true', [], () => true),
    define('test.false', [], () => false),
  ];
}

/** As Python: what stands in front of the last slash, so that `/a/b/` is `/a/b` and a name alone is in ``. */
function directoryOf(path: string): string {
  const head = path.slice(0, path.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

function joinPaths({ args, source }: HostCall): string {
  const parts = args.map((part) => {
    if (typeof part === 'string') return part;
    throw new TemplateFailure(mistake('SLAB2004', 'file.join: a part of the path is not text', source));
  });
  // As Python: an absolute part drops what stands in front of it, and nothing is normalized.
  return parts.reduce((path, part) => {
    if (part.startsWith('/')) return part;
    return path === '' || path.endsWith('/') ? path + part : `${path}/${part}`;
  }, '');
}
