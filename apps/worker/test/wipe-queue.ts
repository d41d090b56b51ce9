import { redisCommand } from '../../../test/redis-command.ts';

/** Deletes every key that begins with the prefix, as a flushed or replaced server would lose them. */
export async function wipeQueue(redisUrl: string, prefix: string): Promise<void> {
  const script = "for _, key in ipairs(redis.call('keys', ARGV[1])) do redis.call('del', key) end return 'wiped'";
  const answer = await redisCommand(redisUrl, `EVAL "${script}" 0 ${prefix}:*`);
  if (!answer.includes('wiped')) throw new Error('The queue could not be wiped');
}
