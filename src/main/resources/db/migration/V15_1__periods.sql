-- Owned by PeriodRegister.
CREATE TABLE period_register (
    period   text   PRIMARY KEY, -- yyyy-MM
    position bigint NOT NULL     -- at which it was sealed
);

-- AccountTransactions: the day of one expenditure.
CREATE INDEX account_transaction_id ON account_transaction (account_id, transaction_id);
