-- Owned by FlagRegister: every step of a flag also holds what was in question from its day on, and what was paid back counts from its own day. Derived again from
-- the first event on.
TRUNCATE spend_flag, spend_facts, spend_item, spend_balance;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
