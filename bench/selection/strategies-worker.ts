import { replicate, type Task } from './strategies-replication.ts';

process.on('message', (task: Task) => {
  process.send?.(replicate(task));
});
