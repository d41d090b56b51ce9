import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** By which programs that look for secrets in published files know one of these. */
const prefix = 'cs_';

/** A new secret of 256 random bits. */
export function makeSecret(): string {
  return `${prefix}${randomBytes(32).toString('base64url')}`;
}

/** SHA-256 in hexadecimal digits: what is kept of a secret. Nothing slower is needed for what nobody can guess. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Whether two secrets are equal, in a time that tells nothing of where they differ. */
export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hashSecret(one)), Buffer.from(hashSecret(other)));
}

/**
 * The secret in a header Authorization: after Bearer (RFC 6750), or as the password after Basic (RFC 7617), which is how
 * URLs and many programs can give one. Undefined where there is none.
 */
export function secretOf(authorization: string | undefined): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization ?? '') ?? [];
  const secret = secretAfter(scheme.toLowerCase(), credentials);
  return secret === '' ? undefined : secret;
}

function secretAfter(scheme: string, credentials: string): string | undefined {
  if (scheme === 'bearer') return credentials;
  if (scheme !== 'basic') return undefined;
  const userAndPassword = Buffer.from(credentials, 'base64').toString();
  const colon = userAndPassword.indexOf(':');
  return colon === -1 ? undefined : userAndPassword.slice(colon + 1);
}
