import type { Event } from '../model/event.ts';

/** What a roll-out said of a stage before it began. */
type PlannedStage = NonNullable<Extract<Event, { type: 'run.started' }>['stages']>[number];

/** How far a stage of a roll-out has come. */
export interface StageProgress extends PlannedStage {
  readonly state: 'wait' | 'now' | 'done' | 'halted';
  /** Hosts that have converged, and the names of those that have not. */
  readonly done: number;
  readonly failed: readonly string[];
  /** The batch at work, from 1 on. */
  readonly batch: number;
  /** What it does besides changing hosts: asks a gate, waits. Empty while a batch is at work. */
  readonly at: string;
  /** When it began, in milliseconds. */
  readonly since: number;
}

type Growing = { -readonly [K in keyof StageProgress]: StageProgress[K] };

/** Follows a roll-out: where each of its stages is. An event costs constant time. */
export class RolloutProgress {
  readonly #stages: readonly Growing[];
  #now = 0;

  constructor(stages: readonly PlannedStage[]) {
    this.#stages = stages.map((stage) => ({
      ...{ ...stage, state: 'wait' as const, done: 0, failed: [], batch: 0, at: '', since: 0 },
    }));
  }

  event(event: Event, now: number): void {
    const stage = this.#stages[this.#now];
    if (event.type === 'host.finished' && stage !== undefined) {
      if (event.result.status === 'converged') stage.done++;
      else stage.failed = [...stage.failed, event.host];
    }
    if (event.type === 'rollout') this.#step(event, now);
  }

  get stages(): readonly StageProgress[] {
    return this.#stages;
  }

  /** The place of the stage at work, or of the last one that was. */
  get current(): number {
    return this.#now;
  }

  #step({ step, stage: name, message }: Extract<Event, { type: 'rollout' }>, now: number): void {
    const place = this.#stages.findIndex((each) => each.name === name);
    const stage = this.#stages[place];
    if (stage === undefined) return;
    this.#now = place;
    switch (step) {
      case 'stage':
        stage.state = 'now';
        stage.since = now;
        break;
      case 'batch':
        stage.batch++;
        stage.at = '';
        break;
      case 'drain':
      case 'gate':
      case 'wait':
        stage.at = message;
        break;
      case 'end':
        stage.state = 'done';
        break;
      case 'halt':
        stage.state = 'halted';
        break;
    }
  }
}
