import { useEffect, useState } from 'preact/hooks';

const themes = ['system', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const name = 'compound-search-theme';

/** How the page looks is whoever's who looks at it, so it stands in no link. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(() => themes.find((one) => one === localStorage.getItem(name)) ?? 'system');
  useEffect(() => {
    document.documentElement.dataset['theme'] = theme;
    localStorage.setItem(name, theme);
  }, [theme]);
  const next = themes[(themes.indexOf(theme) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      class="theme"
      onClick={() => setTheme(next)}
      aria-label={`Theme: ${theme}; change to ${next}`}
    >
      {theme}
    </button>
  );
}
