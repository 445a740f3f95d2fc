-- Owned by MatchEntries: what a transaction takes back; and ids of payments and of expenditures need not differ.
ALTER TABLE match_entry
    DROP CONSTRAINT match_entry_pkey,
    ADD PRIMARY KEY (account_id, transaction_id, position),
    ADD COLUMN takes_back text; -- the transaction that this one undoes
CREATE INDEX match_entry_takes_back ON match_entry (account_id, takes_back) WHERE takes_back IS NOT NULL;
CREATE INDEX match_entry_order ON match_entry (account_id, occurred_on, position);

-- Owned by StatementRegister: what the bank said of a line, by which the same line of another format is known.
ALTER TABLE statement_line
    ADD COLUMN on_day text COLLATE "C" GENERATED ALWAYS AS (document ->> 'on') STORED,
    ADD COLUMN told   text GENERATED ALWAYS AS (document ->> 'told') STORED; -- null of a part of a line
CREATE INDEX statement_line_told ON statement_line (account_id, on_day, told);
CREATE TABLE statement_line_alias (
    account_id   text   NOT NULL,
    ref_hash     bigint NOT NULL,
    kind         text   NOT NULL,
    statement_id text   NOT NULL, -- that first gave the line this reference
    on_day       text   NOT NULL COLLATE "C",
    told         text   NOT NULL,
    position     bigint NOT NULL,
    PRIMARY KEY (account_id, ref_hash, kind)
);
CREATE INDEX statement_line_alias_told ON statement_line_alias (account_id, on_day, told);

-- Made of events that have been: built anew. Accounts know their risk bands now, returns their reminders.
TRUNCATE match_entry, statement_register, statement_line, account_register, account_return;
DELETE FROM token_entry WHERE processor_name IN ('match-entries', 'statement-register', 'account-register', 'account-returns');
DELETE FROM parked_event WHERE processor IN ('match-entries', 'statement-register', 'account-register', 'account-returns');
