import { CompoundSearchError } from '@compound-search/contracts';

/** A platform for which pinned binaries exist, as Node names its parts. */
export type Platform = 'linux-x64' | 'linux-arm64' | 'darwin-arm64' | 'darwin-x64';

const platforms: readonly string[] = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64'] satisfies Platform[];

function isPlatform(name: string): name is Platform {
  return platforms.includes(name);
}

/**
 * The platform that this process runs on.
 * @throws CompoundSearchError `PLATFORM_UNSUPPORTED` on one without pinned binaries, or on Linux without glibc.
 */
export function currentPlatform(): Platform {
  const name = `${process.platform}-${process.arch}`;
  if (!isPlatform(name)) {
    throw new CompoundSearchError('PLATFORM_UNSUPPORTED', `There are no pinned binaries for ${name}.`, {
      value: name,
      remedy: `Use one of ${platforms.join(', ')}.`,
    });
  }
  if (process.platform === 'linux' && !hasGlibc()) {
    throw new CompoundSearchError('PLATFORM_UNSUPPORTED', 'This Linux has no glibc, which the binaries need.', {
      value: name,
      remedy: 'Use a distribution with glibc, such as Debian, instead of Alpine.',
    });
  }
  return name;
}

function hasGlibc(): boolean {
  const report: unknown = process.report.getReport();
  if (typeof report !== 'object' || report === null || !('header' in report)) return false;
  const header: unknown = report.header;
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header;
}
