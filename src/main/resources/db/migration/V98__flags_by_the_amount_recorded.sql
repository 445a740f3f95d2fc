-- Owned by FlagRegister: spend_item also holds the amount that was recorded, and whether the council has decided what it was for; flags follow other rules.
-- Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
