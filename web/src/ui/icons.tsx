// Drawn on a grid of 24, in the manner of line icons. They say nothing that the words beside them do not say.
import type {ComponentChildren} from 'preact';

const shapes = {
  home: (
    <>
      <path d="M3 10.5 12 3l9 7.5" />
      <path d="M5 9v11h5v-6h4v6h5V9" />
    </>
  ),
  key: (
    <>
      <circle cx="7.5" cy="15.5" r="4.5" />
      <path d="m10.8 12.2 9.7-9.7M16 7l3.5 3.5" />
    </>
  ),
  chart: (
    <>
      <path d="M4 4v16h16" />
      <path d="M8 16v-4M12.5 16V8M17 16v-6" />
    </>
  ),
  wallet: (
    <>
      <path d="M20 8V5.5A1.5 1.5 0 0 0 18.5 4H5a2 2 0 0 0 0 4h15a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H5a2 2 0 0 1-2-2V6" />
      <path d="M17 13.9h.01" />
    </>
  ),
  cube: (
    <>
      <path d="m12 2.8 8 4.6v9.2l-8 4.6-8-4.6V7.4z" />
      <path d="m4 7.4 8 4.6 8-4.6M12 12v9.2" />
    </>
  ),
  gear: (
    <>
      <circle cx="12" cy="12" r="3.2" />
      <path d="M12 2.8v2.4M12 18.8v2.4M21.2 12h-2.4M5.2 12H2.8M18.5 5.5l-1.7 1.7M7.2 16.8l-1.7 1.7M18.5 18.5l-1.7-1.7M7.2 7.2 5.5 5.5" />
    </>
  ),
  users: (
    <>
      <circle cx="9" cy="8" r="3.8" />
      <path d="M2.5 20.5a6.5 6.5 0 0 1 13 0M16 4.6a3.8 3.8 0 0 1 0 6.8M18.3 14.9a6.5 6.5 0 0 1 3.2 5.6" />
    </>
  ),
  pulse: <path d="M2.5 12h4l3-8.5 5 17 3-8.5h4" />,
  server: (
    <>
      <rect x="3" y="3.5" width="18" height="7" rx="1.5" />
      <rect x="3" y="13.5" width="18" height="7" rx="1.5" />
      <path d="M7 7h.01M7 17h.01" />
    </>
  ),
  list: (
    <>
      <path d="M9 6h12M9 12h12M9 18h12" />
      <path d="M4 6h.01M4 12h.01M4 18h.01" />
    </>
  ),
  coins: (
    <>
      <ellipse cx="9" cy="7" rx="6" ry="3" />
      <path d="M3 7v5c0 1.7 2.7 3 6 3M15 7v2.5M3 12v5c0 1.7 2.7 3 6 3" />
      <ellipse cx="16" cy="14" rx="5" ry="2.6" />
      <path d="M11 14v4c0 1.4 2.2 2.6 5 2.6s5-1.2 5-2.6v-4" />
    </>
  ),
  plus: <path d="M12 5v14M5 12h14" />,
  search: (
    <>
      <circle cx="11" cy="11" r="7" />
      <path d="m20.5 20.5-4.5-4.5" />
    </>
  ),
  close: <path d="M6 6l12 12M18 6 6 18" />,
  copy: (
    <>
      <rect x="9" y="9" width="12" height="12" rx="2" />
      <path d="M5 15H4a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1h10a1 1 0 0 1 1 1v1" />
    </>
  ),
  check: <path d="m4.5 12.5 5 5 10-11" />,
  more: <path d="M12 5h.01M12 12h.01M12 19h.01" />,
  rotate: (
    <>
      <path d="M3.5 12a8.5 8.5 0 0 1 14.7-5.8L21 9" />
      <path d="M21 3.5V9h-5.5M20.5 12a8.5 8.5 0 0 1-14.7 5.8L3 15" />
      <path d="M3 20.5V15h5.5" />
    </>
  ),
  pause: <path d="M8.5 5v14M15.5 5v14" />,
  play: <path d="M7 4.5v15l12-7.5z" />,
  trash: (
    <>
      <path d="M3.5 6.5h17M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14M10 11v5.5M14 11v5.5" />
    </>
  ),
  edit: (
    <>
      <path d="m4 20 1-4.5L16.5 4a2.1 2.1 0 0 1 3.4 3.4L8.5 19z" />
    </>
  ),
  alert: (
    <>
      <path d="M12 3.5 22 20.5H2z" />
      <path d="M12 10v4.5M12 17.5h.01" />
    </>
  ),
  info: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v5.5M12 7.5h.01" />
    </>
  ),
  chevron: <path d="m9 5.5 6.5 6.5L9 18.5" />,
  updown: <path d="m8 9.5 4-4 4 4M8 14.5l4 4 4-4" />,
  up: <path d="M12 19V5M6 11l6-6 6 6" />,
  down: <path d="M12 5v14M6 13l6 6 6-6" />,
  menu: <path d="M4 7h16M4 12h16M4 17h16" />,
  download: <path d="M12 4v11.5M7 11l5 5 5-5M4.5 20.5h15" />,
  logout: (
    <>
      <path d="M9 20.5H5a1.5 1.5 0 0 1-1.5-1.5V5A1.5 1.5 0 0 1 5 3.5h4" />
      <path d="m15.5 7.5 5 4.5-5 4.5M20.5 12H9" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 7v5.5l3.5 2" />
    </>
  ),
  shield: <path d="M12 2.8 20 6v6c0 4.6-3.2 7.8-8 9.2C7.2 19.8 4 16.6 4 12V6z" />,
  gauge: (
    <>
      <path d="M4 18.5a9.5 9.5 0 1 1 16 0" />
      <path d="m12 14 4-5" />
    </>
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="4" />
      <path d="M12 2.5v2M12 19.5v2M21.5 12h-2M4.5 12h-2M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4M18.7 18.7l-1.4-1.4M6.7 6.7 5.3 5.3" />
    </>
  ),
  mail: (
    <>
      <rect x="3" y="5" width="18" height="14" rx="2" />
      <path d="m3.5 7 8.5 6 8.5-6" />
    </>
  ),
  book: (
    <>
      <path d="M4 5.5A2 2 0 0 1 6 3.5h14v14H6a2 2 0 0 0-2 2z" />
      <path d="M4 19.5a2 2 0 0 0 2 1.5h14v-3.5" />
    </>
  ),
} satisfies Record<string, ComponentChildren>;

export type IconName = keyof typeof shapes;

export function Icon({name, size = 16}: {name: IconName; size?: number}) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width={1.9}
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false">
      {shapes[name]}
    </svg>
  );
}

export function Mark({size = 26}: {size?: number}) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="8" fill="#4353d9" />
      <path
        d="M9 23V13a7 7 0 0 1 14 0v10M16 7v16M9 16h14"
        fill="none"
        stroke="#fff"
        stroke-width="2.4"
        stroke-linecap="round"
      />
    </svg>
  );
}
