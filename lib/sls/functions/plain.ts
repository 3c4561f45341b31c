import { posix } from 'node:path';
import type { HostFunction } from '../../jinja/api.ts';
import { define } from './define.ts';

/** Functions that need neither host nor data: paths as text, and `test.*`. */
export function plainFunctions(): (readonly [string, HostFunction])[] {
  return [
    define('file.dirname', ['path'], (given) => {
      const path = given.text('path');
      // Python keeps nothing where Node says `.`.
      return path.includes('/') ? posix.dirname(path) : '';
    }),
    define('file.basename', ['path'], (given) => {
      const path = given.text('path');
      return path.slice(path.lastIndexOf('/') + 1);
    }),
    define('test.echo', ['text'], (given) => given.value('text') ?? null),
    define('test.ping', [], () => true),
    define('test.true', [], () => true),
    define('test.false', [], () => false),
  ];
}
