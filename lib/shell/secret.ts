import { inspect } from 'node:util';
import type { Secret } from '../model/script.ts';

/** Wraps a value so that it prints as `[redacted]` in templates, JSON, logs and debuggers. */
export function secret(value: string): Secret {
  const hide = () => '[redacted]' as const;
  return { reveal: () => value, toString: hide, toJSON: hide, [inspect.custom]: hide } as Secret;
}
