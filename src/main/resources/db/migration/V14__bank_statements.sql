-- Owned by StatementRegister: whose bank statement a file is, and from when to when.
ALTER TABLE statement_register
    ADD COLUMN account_id text GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    ADD COLUMN ends_on    text GENERATED ALWAYS AS (document ->> 'to') STORED; -- ISO 8601, whose order is that of days
CREATE INDEX statement_register_account ON statement_register (account_id, ends_on) WHERE account_id IS NOT NULL;

-- Owned by StatementRegister: which line is matched with a transaction.
DROP INDEX statement_line_loads;
CREATE INDEX statement_line_transactions ON statement_line USING gin ((document -> 'transactionIds')) WHERE state = 'MATCHED';

-- Owned by MatchEntries: what moved on accounts, as a bank would tell it.
CREATE TABLE match_entry (
    account_id     text   NOT NULL,
    transaction_id text   NOT NULL,
    by_council     boolean NOT NULL, -- it is the council's own payment, its return or money paid back to it
    pence          bigint NOT NULL, -- money in is positive
    occurred_on    date   NOT NULL,
    payee_key      text,
    ref_hash       bigint,
    position       bigint NOT NULL,
    PRIMARY KEY (account_id, transaction_id)
);
CREATE INDEX match_entry_amount ON match_entry (account_id, pence, occurred_on);

-- These are made of events that have been: the register is built anew.
TRUNCATE statement_register, statement_line;
DELETE FROM token_entry WHERE processor_name = 'statement-register';
DELETE FROM parked_event WHERE processor = 'statement-register';
