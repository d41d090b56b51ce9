import { CompoundSearchError } from '@compound-search/contracts';
import type { Command } from 'commander';

import { diagnose } from '../doctor/diagnose.ts';
import { print, printJson } from '../terminal.ts';
import { renderDoctorReport } from '../views/doctor-report.ts';
import type { CommandContext, ServiceOptions } from './context.ts';

/** Says what this machine has of that which the service needs. */
export function addDoctor(program: Command, { terminal }: CommandContext): void {
  program
    .command('doctor')
    .description('what this machine has for training and for the service; fails where training cannot run')
    .option('--json', 'the report as JSON')
    .action(async (options: ServiceOptions) => {
      const report = await diagnose();
      if (options.json === true) printJson(terminal, report);
      else print(terminal, renderDoctorReport(report));
      if (report.trainingPossible) return;
      throw new CompoundSearchError('TENSORFLOW_UNAVAILABLE', 'Training cannot run on this machine', {
        remedy: report.missing[0]?.remedy ?? 'Run `npm run setup`.',
      });
    });
}
