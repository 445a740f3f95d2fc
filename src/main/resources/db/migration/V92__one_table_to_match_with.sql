-- Owned by MatchEntries: it holds what match-candidates held a second time, an expenditure's payee to search by and what gives it back. Derived again from the
-- first event on.
TRUNCATE match_entry;
ALTER TABLE match_entry ADD COLUMN corrects text; -- the expenditure that this refund or reversal gives back, in part or whole
CREATE INDEX match_entry_corrects ON match_entry (account_id, corrects) WHERE corrects IS NOT NULL;
CREATE INDEX match_entry_payee ON match_entry (account_id, payee_key, occurred_on) WHERE payee_key IS NOT NULL;
DROP TABLE match_payment, match_payment_return, match_expenditure, match_correction;
DELETE FROM token_entry WHERE processor_name IN ('match-entries', 'match-candidates');
DELETE FROM parked_event WHERE processor IN ('match-entries', 'match-candidates');
