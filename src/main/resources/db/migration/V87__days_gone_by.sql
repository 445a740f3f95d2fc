-- Owned by AccountTransactions: by what a transaction was taken back.
CREATE INDEX account_transaction_reverses ON account_transaction (account_id, reverses) WHERE reverses IS NOT NULL;
-- Owned by AccountSettlements and AccountRegister: a recovery keeps what it was held against at the proposal, an account where its money went before. Derived again from the first
-- event on.
TRUNCATE account_settlement, account_register;
DELETE FROM token_entry WHERE processor_name IN ('account-settlements', 'account-register');
DELETE FROM parked_event WHERE processor IN ('account-settlements', 'account-register');
