-- What nodes say of themselves, for people; empty for nodes of a program that did not say it yet.

ALTER TABLE fleet_nodes
    ADD COLUMN host text NOT NULL DEFAULT '',
    ADD COLUMN version text NOT NULL DEFAULT '',
    ADD COLUMN started_at bigint NOT NULL DEFAULT 0;
