import { describe, expect, it } from 'vitest';

import type { DoctorReport } from '../../src/doctor/diagnose.ts';
import { renderDoctorReport } from '../../src/views/doctor-report.ts';

const report: DoctorReport = {
  node: '20.20.2',
  platform: 'linux-x64',
  tensorflow: {
    addon: '/package/tfjs_binding.node',
    variant: 'cpu',
    libraryFolder: '/cache/tensorflow',
    outcome: {
      canRun: true,
      library: { version: '2.21.0', devices: ['CPU'], cpuFeatures: ['AVX2', 'FMA'], isUsingOneDnn: true },
    },
  },
  postgres: { command: '/bin/postgres', version: '18.4' },
  valkey: undefined,
  python: undefined,
  compiler: undefined,
  cache: { folder: '/cache', freeBytes: 12_340_000_000 },
  missing: [],
  trainingPossible: true,
};

function processorLine(library: { readonly cpuFeatures: readonly string[]; readonly isUsingOneDnn: boolean }): string {
  const outcome = { canRun: true, library: { version: '2.21.0', devices: ['CPU'], ...library } } as const;
  const tensorflow = { addon: '', variant: 'cpu', libraryFolder: '', outcome } as const;
  const lines = renderDoctorReport({ ...report, tensorflow }).split('\n');
  return lines.find((line) => line.startsWith('  processor'))?.replace(/\s+/g, ' ') ?? '';
}

describe('the report of the doctor', () => {
  it('says what the machine has, line by line', () => {
    expect(renderDoctorReport(report).split('\n')).toEqual([
      'Node          20.20.2 on linux-x64',
      'TensorFlow    2.21.0, cpu build',
      '  library     /cache/tensorflow',
      '  addon       /package/tfjs_binding.node',
      '  devices     CPU',
      '  processor   AVX2 FMA, oneDNN on',
      'PostgreSQL    18.4, /bin/postgres',
      'Valkey        not found',
      'Python        not found',
      'C++ compiler  not found',
      'cache         /cache (12.3 GB free)',
      'Training can run here.',
    ]);
  });

  it.each([
    [['AVX2', 'FMA'], false, 'AVX2 FMA, oneDNN off'],
    [[], false, 'baseline instructions, oneDNN off'],
  ])('says of %j with oneDNN %s: %s', (cpuFeatures, isUsingOneDnn, said) => {
    expect(processorLine({ cpuFeatures, isUsingOneDnn })).toBe(` processor ${said}`);
  });
});
