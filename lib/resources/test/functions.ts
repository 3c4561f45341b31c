import type { FunctionSpec } from '../../model/resource.ts';
import type { JsonObject } from '../../model/json.ts';

const comment: JsonObject = { type: 'string', description: 'what the outcome says' };

function spec(summary: string, properties: JsonObject, example: string): FunctionSpec {
  return {
    summary,
    schema: { type: 'object', additionalProperties: false, properties: { ...properties } },
    examples: [example],
  };
}

/** The functions of Salt's module `test`: stand-ins for states, and messages. */
export const functions: Readonly<Record<string, FunctionSpec>> = {
  nop: spec('does nothing; something to hang requisites on', {}, 'anchor:\n  test.nop: []\n'),
  succeed_without_changes: spec('is in sync', { comment }, 'all well:\n  test.succeed_without_changes: []\n'),
  succeed_with_changes: spec('changes, every time', { comment }, 'tick:\n  test.succeed_with_changes: []\n'),
  fail_without_changes: spec(
    'fails in the plan already: the way for a state file to say that something is not supported',
    { comment },
    'not here:\n  test.fail_without_changes:\n    - comment: this host has no disk for data\n',
  ),
  fail_with_changes: spec('acts and fails', { comment }, 'broken:\n  test.fail_with_changes: []\n'),
  configurable_test_state: spec(
    'changes or not, succeeds or fails, as told',
    {
      changes: { type: 'boolean', default: true, description: 'whether it changes something' },
      result: { type: 'boolean', default: true, description: 'whether it succeeds' },
      comment,
    },
    'trial:\n  test.configurable_test_state:\n    - changes: true\n    - result: false\n',
  ),
  show_notification: spec(
    'shows a text in the plan',
    { text: { type: 'string', minLength: 1, description: 'what to show' } },
    'remember:\n  test.show_notification:\n    - text: the certificate is renewed by hand\n',
  ),
};
