import { setTimeout as sleep } from 'node:timers/promises';

import type { Engine, WorkerDescription } from '@compound-search/contracts';
import type { TrialWorker } from '@compound-search/queue';
import type { WorkerStore } from '@compound-search/store';
import type { Logger } from 'pino';

/** Until others see what has become of this worker, and it what they want of it: a ninth of what makes it lost. */
const REPORT_SECONDS = 5;

/** How long the end of the process waits for a record that may not answer. */
const FAREWELL_MILLISECONDS = 5_000;

/** The worker as others see it: tells the record that it is there, and does what the record asks of it. */
export interface Presence {
  /**
   * Reports now and by a timer from now on, and leaves jobs to others while the worker drains or is unfit. The store refuses
   * it trials then in any case; but it would take hints away from workers that can use them.
   */
  start(taking: Pick<TrialWorker, 'pause' | 'resume'>): Promise<void>;
  /** Is told what each training runs on. */
  noteEngine(engine: Engine): void;
  /** This worker cannot train at all, for as long as it runs. Resolves once others have been told, or cannot be. */
  readonly declareUnfit: (reason: string) => Promise<void>;
  /** Ends the reports and takes the worker off the record. */
  stop(): Promise<void>;
}

export interface PresenceOptions {
  readonly store: Pick<WorkerStore, 'reportWorker' | 'removeWorker' | 'findBreakingMigration'>;
  readonly description: WorkerDescription;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** @defaultValue 5 */
  readonly reportSeconds?: number;
}

export function createPresence({ store, description, logger, reportSeconds }: PresenceOptions): Presence {
  const closing = new AbortController();
  const gate = createGate(logger);
  let engine: Engine | null = null;
  let fault: string | null = null;
  let reporting = Promise.resolve();

  const report = async (): Promise<void> => {
    const unfit = fault ?? (await outdatedBy(store));
    const device = engine === null ? description.device : deviceOf(engine);
    const upSeconds = Math.round(process.uptime());
    // What it knows by itself holds whether or not the record can be told.
    if (unfit !== null) await gate.hold('unfit', unfit);
    const { draining } = await store.reportWorker({ ...description, device, engine, unfit, upSeconds });
    if (unfit === null) await (draining ? gate.hold('draining', null) : gate.open());
  };
  const tell = createTelling(report, logger);

  return {
    async start(taking) {
      gate.attach(taking);
      await tell();
      reporting = repeat(tell, { seconds: reportSeconds ?? REPORT_SECONDS, signal: closing.signal });
    },
    noteEngine: (started) => void (engine = started),
    async declareUnfit(reason) {
      fault ??= reason;
      await tell();
    },
    async stop() {
      closing.abort();
      const removed = reporting.then(() => store.removeWorker(description.id));
      const said = removed.catch((error: unknown) => {
        logger.warn({ err: error }, 'the worker could not be taken off the record, and will be shown as lost');
      });
      await Promise.race([said, sleep(FAREWELL_MILLISECONDS, undefined, { ref: false })]);
    },
  };
}

/** An engine names its kind of device, or the device itself where that is a GPU. */
function deviceOf({ device }: Engine): WorkerDescription['device'] {
  return device === 'cpu' ? 'cpu' : 'gpu';
}

async function outdatedBy(store: Pick<WorkerStore, 'findBreakingMigration'>): Promise<string | null> {
  const migration = await store.findBreakingMigration();
  if (migration === null) return null;
  return `A newer version has applied migration ${migration}, which this one cannot work with. Run that version here.`;
}

/** A report that fails is made good by the next one. It is logged once, since whatever else the worker does fails too. */
function createTelling(report: () => Promise<void>, logger: Pick<Logger, 'warn'>): () => Promise<void> {
  let isSilent = false;
  return async () => {
    try {
      await report();
      isSilent = false;
    } catch (error) {
      if (!isSilent) logger.warn({ err: error }, 'the worker could not report that it is there; it goes on trying');
      isSilent = true;
    }
  };
}

async function repeat(
  operation: () => Promise<void>,
  { seconds, signal }: { readonly seconds: number; readonly signal: AbortSignal },
): Promise<void> {
  for (;;) {
    await sleep(seconds * 1_000, undefined, { signal, ref: false }).catch(() => undefined);
    if (signal.aborted) return;
    await operation();
  }
}

const messages = {
  open: 'the worker takes trials again',
  draining: 'the worker drains: it takes no trials and finishes those that it has',
  unfit: 'the worker is unfit: it takes no trials',
} as const;

type GateState = keyof typeof messages;

interface Gate {
  attach(taking: Pick<TrialWorker, 'pause' | 'resume'>): void;
  open(): Promise<void>;
  hold(state: Exclude<GateState, 'open'>, reason: string | null): Promise<void>;
}

/** Lets jobs come or not, and logs each change of that. */
function createGate(logger: Pick<Logger, 'info' | 'error'>): Gate {
  let taking: Pick<TrialWorker, 'pause' | 'resume'> | undefined;
  let current: GateState = 'open';
  const change = (state: GateState): boolean => {
    const isNew = state !== current;
    current = state;
    return isNew;
  };
  return {
    attach: (worker) => void (taking = worker),
    async open() {
      if (!change('open')) return;
      await taking?.resume();
      logger.info(messages.open);
    },
    async hold(state, reason) {
      if (!change(state)) return;
      await taking?.pause();
      if (state === 'unfit') logger.error({ reason }, messages.unfit);
      else logger.info(messages.draining);
    },
  };
}
