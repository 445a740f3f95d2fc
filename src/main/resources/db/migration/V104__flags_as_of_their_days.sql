-- Owned by FlagRegister and Letters: every step of a flag also holds what was in question from its day on, and what was paid back counts from its own day; that a flag
-- is reopened undoes neither the request for evidence nor the evidence; and what a support organisation calls an expenditure after it was recorded neither
-- undoes what the council has decided nor answers what is asked. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item, spend_balance, letter_refusal, letter_flag;
DELETE FROM token_entry WHERE processor_name IN ('flag-register', 'letters');
DELETE FROM parked_event WHERE processor IN ('flag-register', 'letters');
