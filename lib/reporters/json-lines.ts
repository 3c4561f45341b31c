import type { Event } from '../model/event.ts';
import type { Json } from '../model/json.ts';
import type { PlanReport } from '../model/report.ts';
import { systemClock } from './reporter.ts';
import type { Clock, Reporter, Write } from './reporter.ts';

/** What a log of events needs beside the events. */
export interface JsonLinesOptions {
  readonly clock?: Clock;
  /** The document of a whole plan; without it only its counts are written. */
  readonly plan?: (report: PlanReport) => Json;
}

/**
 * Writes one JSON object a line: first `{"format":"slab.events/1"}`, then each event with the time `at` (ISO 8601, UTC).
 * Plans are written as counts, and once as the document: contents of files are never in the log.
 */
export function createJsonLines(write: Write, options: JsonLinesOptions = {}): Reporter {
  const clock = options.clock ?? systemClock;
  let closed = false;
  write('{"format":"slab.events/1"}\n');
  return {
    event: (event) => {
      if (closed) return;
      const at = 'at' in event ? event.at : new Date(clock.now()).toISOString();
      write(`${JSON.stringify({ at, ...eventJson(event, options.plan) })}\n`);
    },
    close: () => {
      closed = true;
    },
  };
}

function eventJson(event: Event, planJson: JsonLinesOptions['plan']): object {
  if (event.type !== 'plan.ready') return event;
  const { report } = event;
  return { type: event.type, summary: report.summary, ...(planJson ? { plan: planJson(report) } : {}) };
}
