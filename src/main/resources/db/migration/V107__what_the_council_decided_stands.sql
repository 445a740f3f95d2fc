-- Owned by FlagRegister: what a support organisation calls an expenditure after it was recorded neither undoes what the council has decided nor answers what is
-- asked. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item, spend_balance;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
