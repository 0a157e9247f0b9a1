// What is shown instead of data: while it comes, when there is none, and when it cannot be had.
import type {ComponentChildren} from 'preact';
import type {Problem} from '../api/client';
import {Button, CopyButton} from './button';
import {Icon, type IconName} from './icons';

const widths = ['w60', 'w80', 'w40', 'w60', 'w20'];

export function Skeleton({width = 'w60'}: {width?: string}) {
  return <span class={`skeleton ${width}`} aria-hidden="true" />;
}

export function SkeletonRows({rows = 5, columns}: {rows?: number; columns: number}) {
  return (
    <>
      {Array.from({length: rows}, (_, row) => (
        <tr key={row} role="row">
          {Array.from({length: columns}, (_, column) => (
            <td key={column} role="cell">
              <Skeleton width={widths[(row + column) % widths.length] ?? 'w60'} />
            </td>
          ))}
        </tr>
      ))}
    </>
  );
}

interface EmptyProps {
  icon: IconName;
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
}

export function Empty({icon, title, children, action}: EmptyProps) {
  return (
    <div class="empty-state">
      <span class="empty-icon">
        <Icon name={icon} size={20} />
      </span>
      <p class="empty-title">{title}</p>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

function RequestId({problem}: {problem: Problem}) {
  if (!problem.requestId) return null;
  return (
    <span class="row row-wrap muted">
      <span>
        Request <code>{problem.requestId}</code>
      </span>
      <CopyButton text={problem.requestId} what="the request id" look="quiet" />
    </span>
  );
}

/** In place of what could not be loaded. */
export function Failure({problem, retry}: {problem: Problem; retry: () => void}) {
  return (
    <div class="empty-state" role="alert">
      <span class="empty-icon">
        <Icon name="alert" size={20} />
      </span>
      <p class="empty-title">{problem.status === 404 ? 'Not found' : 'This could not be loaded'}</p>
      <p>{problem.message}</p>
      <RequestId problem={problem} />
      <Button icon="rotate" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}

export function Callout({
  tone,
  icon,
  children,
}: {
  tone?: 'warn' | 'bad' | 'good';
  icon?: IconName;
  children: ComponentChildren;
}) {
  return (
    <div class={tone ? `callout callout-${tone}` : 'callout'}>
      <Icon name={icon ?? (tone === 'warn' || tone === 'bad' ? 'alert' : 'info')} />
      <div class="callout-body">{children}</div>
    </div>
  );
}

export function ProblemCallout({problem, retry}: {problem: Problem; retry?: () => void}) {
  return (
    <div role="alert">
      <Callout tone="bad">
        <span>{problem.message}</span>
        {problem.retryAfter && <span>Try again in {problem.retryAfter} s.</span>}
        <RequestId problem={problem} />
        {retry && (
          <span>
            <Button small icon="rotate" onClick={retry}>
              Try again
            </Button>
          </span>
        )}
      </Callout>
    </div>
  );
}
