-- Owned by Payables: payables_payee holds all who have consented to receive a budget's payments, with the days; payables_line.payments counts
-- no longer what came back. Derived again from the first event on.
TRUNCATE payables_instalment, payables_line, payables_account, payables_payee, payables_claim;
DELETE FROM token_entry WHERE processor_name = 'payables';
DELETE FROM parked_event WHERE processor = 'payables';
