import { useEffect, useState } from 'preact/hooks';

import { formatSeconds } from '../formatting/numbers.ts';
import { codeOf, describeError } from '../formatting/words.ts';
import { signIn } from '../service.ts';
import type { Reading } from '../updates.ts';

/** Whether the service wants to know who asks. */
export function needsKey(error: unknown): boolean {
  return ['KEY_REQUIRED', 'KEY_INVALID'].includes(codeOf(error) ?? '');
}

interface TroubleProps {
  readonly reading: Pick<Reading<unknown>, 'error'> & Partial<Reading<unknown>>;
  readonly onSignIn: () => void;
}

/** Why nothing new comes, in words; nothing where all is well. */
export function Trouble({ reading: { error, readAt }, onSignIn }: TroubleProps) {
  if (error === undefined) return null;
  if (needsKey(error)) return <SignIn error={error} onSignIn={onSignIn} />;
  const code = codeOf(error);
  if (code === undefined || code === 'DEPENDENCY_UNAVAILABLE') return <Away error={error} readAt={readAt} />;
  const { title, remedy } = describeError(error);
  return (
    <div class="notice bad" role="alert">
      <strong>{title}.</strong> {remedy}
    </div>
  );
}

function Away({ error, readAt }: { readonly error: unknown; readonly readAt: number | undefined }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  const since = readAt === undefined ? '' : ` What is shown is ${formatSeconds((now - readAt) / 1000)} old.`;
  return (
    <div class="notice bad" role="status">
      <strong>The service does not answer.</strong>
      {since} The page goes on by itself when it is back. <span class="quiet">{describeError(error).title}</span>
    </div>
  );
}

function SignIn({ error, onSignIn }: { readonly error: unknown; readonly onSignIn: () => void }) {
  const [key, setKey] = useState('');
  return (
    <form
      class="card sign-in"
      onSubmit={(event) => {
        event.preventDefault();
        signIn(key.trim());
        onSignIn();
      }}
    >
      <h1>Sign in</h1>
      <p>
        {codeOf(error) === 'KEY_INVALID'
          ? 'The service knows no such key.'
          : 'The service is open to holders of a key.'}
      </p>
      <label>
        API key
        <input type="password" required autocomplete="off" value={key} onInput={(e) => setKey(e.currentTarget.value)} />
      </label>
      <button type="submit" class="main">
        Sign in
      </button>
      <p class="quiet">The key stays in this tab and is forgotten with it. Whoever runs the service makes keys.</p>
    </form>
  );
}
