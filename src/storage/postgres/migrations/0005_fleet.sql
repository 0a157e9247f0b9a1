-- The nodes that share this database and one Redis, and the epoch that they have agreed on (decision 0020).

-- One row; none before the first epoch.
CREATE TABLE fleet_epoch (
    id      integer PRIMARY KEY CHECK (id = 1),
    epoch   bigint NOT NULL,
    home    text NOT NULL CHECK (home IN ('shared', 'local')),
    founder text NOT NULL
);

-- A node that ends in order takes its row away; one that dies leaves it.
CREATE TABLE fleet_nodes (
    node          text PRIMARY KEY,
    reaches_store boolean NOT NULL,
    joined        bigint NOT NULL,
    seen_at       timestamptz NOT NULL
);

-- What a node held in a purse when it joined a local epoch. A node that held nothing has a row with an empty purse.
CREATE TABLE fleet_holdings (
    node   text NOT NULL,
    epoch  bigint NOT NULL,
    purse  text NOT NULL,
    micros bigint NOT NULL,
    PRIMARY KEY (node, epoch, purse)
);
