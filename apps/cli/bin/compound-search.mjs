#!/usr/bin/env node
// TypeScript runs as it is: tsx is registered here, so that the command works from any folder and by any path.
import { register } from 'tsx/esm/api';

register();
await import('../src/main.ts');
