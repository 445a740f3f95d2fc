-- Owned by AccountBalances: what has moved by day, as it moved, instead of a total of each day. A part of a month is added up from it: nothing has to be
-- looked for to write it, and one range of an index holds it. Derived again from the first event on.
TRUNCATE account_balance;
CREATE TABLE account_move (
    account_id  text   NOT NULL COLLATE "C",
    occurred_on date   NOT NULL,
    position    bigint NOT NULL,
    series      text   NOT NULL COLLATE "C", -- as in account_balance
    pence       bigint NOT NULL,
    PRIMARY KEY (account_id, occurred_on, position, series) INCLUDE (pence)
);
DELETE FROM token_entry WHERE processor_name = 'account-balances';
DELETE FROM parked_event WHERE processor = 'account-balances';
