import type { FoundProgram } from '@compound-search/local-services';
import type { FoundTensorflow } from '@compound-search/native-tensorflow';

import type { DoctorReport } from '../doctor/diagnose.ts';

/** What the machine has, then what is missing and how to get it. */
export function renderDoctorReport(report: DoctorReport): string {
  return [
    line('Node', `${report.node} on ${report.platform}`),
    ...tensorflowLines(report.tensorflow),
    line('PostgreSQL', program(report.postgres)),
    line('Valkey', program(report.valkey)),
    line('Python', report.python ?? 'not found'),
    line('C++ compiler', report.compiler ?? 'not found'),
    line('cache', `${report.cache.folder} (${(report.cache.freeBytes / 1e9).toFixed(1)} GB free)`),
    ...report.missing.map(({ what, reason, remedy }) => `Missing: ${what}. ${reason} ${remedy}`),
    report.trainingPossible ? 'Training can run here.' : 'Training cannot run here.',
  ].join('\n');
}

function line(name: string, value: string): string {
  return `${name.padEnd(14)}${value}`;
}

function program(found: FoundProgram | undefined): string {
  return found === undefined ? 'not found' : `${found.version}, ${found.command}`;
}

function tensorflowLines(tensorflow: FoundTensorflow | undefined): string[] {
  if (tensorflow === undefined) return [line('TensorFlow', 'not found')];
  const { outcome, variant, libraryFolder, addon } = tensorflow;
  const build = variant === undefined ? "the npm package's own build" : `${variant} build`;
  const places = [line('  library', libraryFolder ?? 'in the npm package'), line('  addon', addon)];
  if (!outcome.canRun) return [line('TensorFlow', `${build}, cannot run: ${outcome.reason}`), ...places];
  const { version, devices, cpuFeatures, isUsingOneDnn } = outcome.library;
  return [
    line('TensorFlow', `${version}, ${build}`),
    ...places,
    line('  devices', devices.join(', ')),
    line('  processor', `${cpuFeatures.join(' ') || 'baseline instructions'}, oneDNN ${isUsingOneDnn ? 'on' : 'off'}`),
  ];
}
