-- Owned by AccountBalances: totals are carried forward, as in any ledger, so a balance is read from one row of each source, however many years
-- lie before it. Derived again from the first event on.
DROP TABLE account_balance;
DROP TABLE account_move;
CREATE TABLE account_move (
    account_id  text   NOT NULL COLLATE "C",
    occurred_on date   NOT NULL,
    position    bigint NOT NULL,
    source      text   NOT NULL COLLATE "C",
    measure     text   NOT NULL COLLATE "C",
    line_id     text   NOT NULL COLLATE "C", -- empty where the money belongs to no line
    pence       bigint NOT NULL,
    PRIMARY KEY (account_id, occurred_on, position, source, measure, line_id) INCLUDE (pence)
);
CREATE TABLE account_balance (
    account_id text    NOT NULL COLLATE "C",
    series     text    NOT NULL COLLATE "C", -- a source; or a measure and a budget line, a blank between
    starts_on  date    NOT NULL,             -- of five days: the 1st, 6th, … 26th of a month
    position   bigint  NOT NULL,
    total      bigint  NOT NULL,             -- at their end: all before is in it
    opens      boolean NOT NULL,             -- the first row of its five days
    begins     boolean NOT NULL,             -- the first row of its series
    PRIMARY KEY (account_id, series, starts_on, position) INCLUDE (total)
);
CREATE INDEX account_balance_opens ON account_balance (account_id, series, starts_on, position) WHERE opens;
CREATE INDEX account_balance_begins ON account_balance (account_id, series, position) WHERE begins;
DELETE FROM token_entry WHERE processor_name = 'account-balances';
DELETE FROM parked_event WHERE processor = 'account-balances';
