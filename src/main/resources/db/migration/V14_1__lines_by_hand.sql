-- Owned by StatementRegister: the lines that keep an account open.
CREATE INDEX statement_line_open ON statement_line (account_id) WHERE state IN ('UNMATCHED', 'SUGGESTED');
-- Its lines say now whether a person has dealt with them: it is built anew.
TRUNCATE statement_register, statement_line;
DELETE FROM token_entry WHERE processor_name = 'statement-register';
DELETE FROM parked_event WHERE processor = 'statement-register';
