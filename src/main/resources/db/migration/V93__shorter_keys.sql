-- Owned by AccountBalances: measure, source and budget line in one column, which an index compares at each step. Derived again from the first event on.
DROP TABLE account_balance;
CREATE TABLE account_balance (
    account_id text    NOT NULL COLLATE "C",
    span       "char"  NOT NULL,
    starts_on  date    NOT NULL,
    series     text    NOT NULL COLLATE "C", -- measure, source and budget line, a blank between; ends in one where the money belongs to no line
    position   bigint  NOT NULL,
    total      bigint  NOT NULL,
    opens      boolean NOT NULL,             -- the first row of its span and series
    PRIMARY KEY (account_id, span, starts_on, series, position) INCLUDE (total)
);
CREATE INDEX account_balance_opens ON account_balance (account_id, span, starts_on, series, position) WHERE opens;
DELETE FROM token_entry WHERE processor_name = 'account-balances';
DELETE FROM parked_event WHERE processor = 'account-balances';

-- Owned by Journal: a line is found by its account and day alone; that key makes it unique as well.
ALTER TABLE journal_line DROP CONSTRAINT journal_line_pkey;
DROP INDEX journal_line_account;
ALTER TABLE journal_line ADD PRIMARY KEY (account_id, occurred_on, position, line);
