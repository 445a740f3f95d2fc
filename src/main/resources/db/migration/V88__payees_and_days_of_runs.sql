-- Owned by Payables: payables_payee holds all who have consented to receive a budget's payments, with the days; payables_line.payments counts
-- no longer what came back. Derived again from the first event on.
TRUNCATE payables_instalment, payables_line, payables_account, payables_payee, payables_claim;
DELETE FROM token_entry WHERE processor_name = 'payables';
DELETE FROM parked_event WHERE processor = 'payables';

-- Owned by RunRegister: the business day from which a version of a run, and a state of an item, counts. Derived again likewise.
TRUNCATE run_register, run_item, run_item_state;
ALTER TABLE run_register ADD COLUMN day text COLLATE "C" GENERATED ALWAYS AS (document ->> 'day') STORED;
ALTER TABLE run_item_state ADD COLUMN counts_from date NOT NULL;
DELETE FROM token_entry WHERE processor_name = 'run-register';
DELETE FROM parked_event WHERE processor = 'run-register';
