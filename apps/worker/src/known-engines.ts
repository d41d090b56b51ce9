import type { Engine, TrialSpecification } from '@compound-search/contracts';

/** What decides the engine of a training that this worker starts. */
type EngineUse = Pick<TrialSpecification, 'device' | 'dataset' | 'datasetHash'>;

/**
 * The engines that the trainings of this worker have told of. On one machine, with one environment and one TensorFlow,
 * device and data decide the engine, so that the next trial's is known before its training starts.
 */
export interface KnownEngines {
  remember(use: EngineUse, engine: Engine): void;
  /** Undefined until a training of the same device and data has started. */
  find(use: EngineUse): Engine | undefined;
}

/** @param onEngine - is told of each training's. */
export function createKnownEngines(onEngine: (engine: Engine) => void = () => undefined): KnownEngines {
  const engines = new Map<string, Engine>();
  const keyOf = ({ device, dataset, datasetHash = null }: EngineUse): string =>
    JSON.stringify([device, dataset, datasetHash]);
  return {
    remember: (use, engine) => {
      engines.set(keyOf(use), engine);
      onEngine(engine);
    },
    find: (use) => engines.get(keyOf(use)),
  };
}
