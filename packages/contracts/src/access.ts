import { z } from 'zod';

import { trimmedText } from './trimmed-text.ts';

/** What a key allows, each role with all that those before it do. */
export const roles = ['read', 'worker', 'submit', 'admin'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Whether one role allows what another one is needed for. */
export function allows(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

/**
 * Who may use a service. `automatic`: anyone who reaches it where it listens on loopback only, holders of keys elsewhere.
 */
export const accessSchema = z.enum(['automatic', 'keys', 'anyone']);
export type Access = z.infer<typeof accessSchema>;

/** A key to be made. */
export const apiKeyRequestSchema = z.strictObject({
  name: trimmedText(100).describe('Whose key it is, or what for; every key has a name of its own.'),
  role: roleSchema.describe(
    'read: all that only reads or computes. worker: also claims trials and tells their results. submit: also starts and changes searches. admin: also deletes, and makes keys.',
  ),
});
export type ApiKeyRequest = z.infer<typeof apiKeyRequestSchema>;

/** A key as it is listed; the secret itself is not kept. */
export const apiKeySchema = z.object({
  id: z.uuid(),
  name: z.string(),
  role: roleSchema,
  createdAt: z.iso.datetime(),
});
export type ApiKey = z.infer<typeof apiKeySchema>;

/** A key that has just been made: the only time that its secret is told. */
export const madeApiKeySchema = apiKeySchema.extend({
  key: z.string().describe('The secret: send it as `Authorization: Bearer <key>`. It cannot be shown again.'),
});
export type MadeApiKey = z.infer<typeof madeApiKeySchema>;
