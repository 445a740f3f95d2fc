-- Owned by FlagRegister and Letters: that a flag is reopened undoes neither the request for evidence nor the evidence. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item, spend_balance, letter_refusal, letter_flag;
DELETE FROM token_entry WHERE processor_name IN ('flag-register', 'letters');
DELETE FROM parked_event WHERE processor IN ('flag-register', 'letters');
