import type { Recipe } from '@compound-search/contracts';

import { loadAddon } from '../src/tensorflow/addon.ts';
import { prepareData } from '../src/trial/prepared-data.ts';
import { prepareNetwork } from '../src/trial/prepared-network.ts';
import { Trainer } from '../src/trial/trainer.ts';
import { shapesSpecification } from './shapes-specification.ts';

/** A trainer of the micro baseline on the drawn shapes, not yet initialized, and its data. */
export async function createShapesTrainer(changes: Partial<Recipe> = {}) {
  const specification = shapesSpecification({ recipe: changes });
  const data = await prepareData(specification, 'datasets');
  const networks = prepareNetwork(specification, data);
  const trainer = await Trainer.create(loadAddon(), { ...networks, recipe: specification.recipe, data });
  return { trainer, data };
}
