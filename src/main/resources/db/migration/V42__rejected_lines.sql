-- Owned by StatementRegister: since when a line is there that its import refused, and by what reference it is known when it comes again,
-- also where its account was not known at first.
ALTER TABLE statement_line
    ADD COLUMN rejected_since text COLLATE "C" GENERATED ALWAYS AS (document ->> 'since') STORED; -- null of any other line
CREATE INDEX statement_line_rejected ON statement_line (rejected_since) WHERE rejected_since IS NOT NULL;
DROP INDEX statement_line_reference;
CREATE INDEX statement_line_reference ON statement_line (ref_hash, account_id);

-- Made of events that have been: built anew.
TRUNCATE statement_register, statement_line, statement_line_alias;
DELETE FROM token_entry WHERE processor_name = 'statement-register';
DELETE FROM parked_event WHERE processor = 'statement-register';
