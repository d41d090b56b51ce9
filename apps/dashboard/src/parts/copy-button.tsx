import { useState } from 'preact/hooks';

/** Copies a text; without leave to, it marks the text so that a person can. */
export function CopyButton({
  text,
  label,
  source,
}: {
  readonly text: string;
  readonly label: string;
  readonly source: string;
}) {
  const [outcome, setOutcome] = useState('');
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setOutcome('Copied');
    } catch {
      const shown = document.getElementById(source);
      if (shown !== null) getSelection()?.selectAllChildren(shown);
      setOutcome('Marked: copy it with the keyboard');
    }
    setTimeout(() => setOutcome(''), 3000);
  };
  return (
    <span class="copy">
      <button type="button" onClick={() => void copy()}>
        {label}
      </button>
      <span role="status">{outcome}</span>
    </span>
  );
}
