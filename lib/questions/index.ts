import { accountFunctions } from './accounts.ts';
import { commandFunctions } from './commands.ts';
import { networkQuestions } from './network.ts';
import { packageFunctions } from './packages.ts';
import { pathFunctions } from './paths.ts';
import { processFunctions } from './processes.ts';
import type { HostFunctionSpec } from './question.ts';
import { serviceFunctions } from './services.ts';
import { systemFunctions } from './system.ts';

export { askScript, createAnswers, readAnswer, type Answers } from './answers.ts';
export { printed, yesOrNo, type Arguments, type HostFunctionSpec, type Question } from './question.ts';
export { answersFromJson, answersToJson, withoutSecrets, type Known } from './recorded.ts';

/** Every execution function that is answered by asking the host, by its full name. */
export const hostFunctions: ReadonlyMap<string, HostFunctionSpec> = new Map(
  [
    ...commandFunctions,
    ...pathFunctions,
    ...packageFunctions,
    ...accountFunctions,
    ...serviceFunctions,
    ...systemFunctions,
    ...networkQuestions,
    ...processFunctions,
  ].map((spec) => [spec.name, spec]),
);
