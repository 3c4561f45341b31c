import { Agent, request } from 'node:http';

/** What one bucket is asked for. */
export interface Offer {
  readonly bucket: string;
  readonly perSecond: number;
}

/** What became of it. */
export interface Served {
  readonly sent: number;
  readonly ok: number;
  readonly refused: number;
  readonly other: number;
  /** Seconds from the first request to the last answer. */
  readonly seconds: number;
  /** One of the refusals. */
  readonly refusal: Answer | undefined;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** One request over a socket in the file system. */
export async function ask(
  socketPath: string,
  { path, host, agent }: { readonly path: string; readonly host: string; readonly agent?: Agent },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ socketPath, path, headers: { host }, ...(agent ? { agent } : {}) }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (data: string) => (body += data));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }));
    });
    asked.on('error', reject).end();
  });
}

/** Sends requests at even rates, whatever the answers: a client that never backs off. */
export async function offer(
  socketPath: string,
  offers: readonly Offer[],
  seconds: number,
): Promise<ReadonlyMap<string, Served>> {
  const all = offers.map(async (one) => [one.bucket, await offerOne(socketPath, one, seconds)] as const);
  return new Map(await Promise.all(all));
}

async function offerOne(socketPath: string, { bucket, perSecond }: Offer, seconds: number): Promise<Served> {
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const answers: Promise<Answer>[] = [];
  const start = performance.now();
  const passed = (): number => (performance.now() - start) / 1000;
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      const due = Math.min(passed(), seconds) * perSecond;
      while (answers.length < due)
        answers.push(ask(socketPath, { path: `/${bucket}/key`, host: 's3.example.com', agent }));
      if (passed() < seconds) return;
      clearInterval(timer);
      resolve();
    }, 5);
  });
  const all = await Promise.all(answers);
  const took = passed();
  agent.destroy();
  const count = (status: number): number => all.filter((answer) => answer.status === status).length;
  return {
    ...{ sent: all.length, ok: count(200), refused: count(503), other: all.length - count(200) - count(503) },
    ...{ seconds: took, refusal: all.find(({ status }) => status === 503) },
  };
}
