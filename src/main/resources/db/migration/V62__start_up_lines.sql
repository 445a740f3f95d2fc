-- A line that is paid by the week too is none of money to start with: derived again from the first event on.
TRUNCATE account_settlement;
DELETE FROM token_entry WHERE processor_name = 'account-settlements';
DELETE FROM parked_event WHERE processor = 'account-settlements';
