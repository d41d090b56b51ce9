import { countOf } from './class-sizes.ts';
import type { DatasetDescription } from './dataset.ts';
import { quoted } from './dataset-fault.ts';

/** Largest over smallest class from which a person should know. */
const notableRatio = 1.5;

function classImbalanceNotes({ name, trainingClasses = [] }: DatasetDescription): string[] {
  const [first, ...others] = trainingClasses;
  if (first === undefined) return [];
  const smallest = others.reduce((least, other) => (other.images < least.images ? other : least), first);
  const largest = others.reduce((most, other) => (other.images > most.images ? other : most), first);
  const ratio = largest.images / smallest.images;
  if (ratio < notableRatio) return [];
  return [
    `The classes of ${name} are unbalanced: ${quoted(largest.name)} has ${countOf(largest.images)} to train on, ` +
      `${quoted(smallest.name)} has ${countOf(smallest.images)} (${ratio.toFixed(1)} times fewer). ` +
      'The accuracy counts every image alike, so it says little of the small classes.',
  ];
}

function ownValidationNotes({ name, validationImages }: DatasetDescription): string[] {
  if (validationImages === undefined) return [];
  return [
    `${name} brings its own validation split of ${countOf(validationImages)}: candidates are ranked on it, ` +
      'and none of the training images are set aside.',
  ];
}

/** All that a person should know of a data set before searching on it, a sentence or two each. */
export function datasetNotes(dataset: DatasetDescription): string[] {
  return [...dataset.notes, ...ownValidationNotes(dataset), ...classImbalanceNotes(dataset)];
}
