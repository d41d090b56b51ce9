import type { BaselineView, DatasetView } from '@compound-search/contracts';

import { formatCount, formatResolution } from '../formatting/numbers.ts';
import { renderTable } from '../formatting/table.ts';

/** One line a baseline network. */
export function renderBaselines(baselines: readonly BaselineView[]): string {
  return renderTable(
    [
      { title: 'name' },
      { title: 'resolution', align: 'right' },
      { title: 'parameters', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'description' },
    ],
    baselines.map((baseline) => [
      baseline.name,
      formatResolution(baseline.resolution),
      formatCount(baseline.parameters),
      formatCount(baseline.macs),
      baseline.description,
    ]),
  );
}

/** One line a data set. */
export function renderDatasets(datasets: readonly DatasetView[]): string {
  return renderTable(
    [
      { title: 'name' },
      { title: 'image', align: 'right' },
      { title: 'classes', align: 'right' },
      { title: 'training images', align: 'right' },
      { title: 'test images', align: 'right' },
      { title: 'description' },
    ],
    datasets.map(({ name, image, classes, trainingImages, testImages, description }) => [
      name,
      `${image.height}x${image.width}x${image.channels}`,
      String(classes),
      String(trainingImages),
      String(testImages),
      description,
    ]),
  );
}
