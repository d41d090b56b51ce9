import { describeError } from '../formatting/words.ts';

/** Why the service does not take something, and what to do. */
export function Refusal({ error }: { readonly error: unknown }) {
  const { title, remedy } = describeError(error);
  return (
    <p class="notice bad" role="alert">
      <strong>{title}.</strong> {remedy}
    </p>
  );
}
