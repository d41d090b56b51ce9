import { execa, ExecaError } from 'execa';

/**
 * Runs a program to its end and returns its standard output.
 *
 * @throws Error with the end of what it said on standard error, where it cannot be started or fails.
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  options: { readonly cwd?: string; readonly environment?: NodeJS.ProcessEnv } = {},
): Promise<string> {
  const { cwd = process.cwd(), environment } = options;
  const env = environment === undefined ? {} : { env: environment, extendEnv: false };
  try {
    const { stdout } = await execa(command, args, { cwd, stdin: 'ignore', ...env });
    return stdout;
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const said = String(error.stderr).slice(-2000).trim();
    throw new Error(`${command} ${args.join(' ')} failed: ${said || error.shortMessage}`, { cause: error });
  }
}
