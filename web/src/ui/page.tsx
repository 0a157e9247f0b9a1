// The head of a page; arriving there moves the focus to it, so that a screen reader says where one is.
import type {ComponentChildren} from 'preact';
import {useEffect, useRef} from 'preact/hooks';

interface PageProps {
  title: string;
  lead?: ComponentChildren;
  crumbs?: ComponentChildren;
  actions?: ComponentChildren;
  narrow?: boolean;
  children: ComponentChildren;
}

let arrived = false;

export function Page({title, lead, crumbs, actions, narrow, children}: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrived) heading.current?.focus({preventScroll: true});
    arrived = true;
    window.scrollTo(0, 0);
  }, []);
  useEffect(() => {
    document.title = `${title} – tollgate`;
  }, [title]);
  return (
    <div class={narrow ? 'page page-narrow' : 'page'}>
      <header class="page-head">
        <div>
          {crumbs && (
            <nav class="crumbs" aria-label="Where this page is">
              {crumbs}
            </nav>
          )}
          <h1 tabIndex={-1} ref={heading}>
            {title}
          </h1>
          {lead && <p>{lead}</p>}
        </div>
        {actions && <div class="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface CardProps {
  title?: string;
  lead?: ComponentChildren;
  actions?: ComponentChildren;
  flush?: boolean;
  children: ComponentChildren;
}

export function Card({title, lead, actions, flush, children}: CardProps) {
  return (
    <section class="card" aria-label={title}>
      {(title || actions) && (
        <div class="card-head">
          <div>
            {title && <h2>{title}</h2>}
            {lead && <p>{lead}</p>}
          </div>
          {actions}
        </div>
      )}
      {flush ? (
        <>
          {title && <div class="card-gap" />}
          {children}
        </>
      ) : (
        <div class="card-body">{children}</div>
      )}
    </section>
  );
}
