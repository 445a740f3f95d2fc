-- Owned by FlagRegister: a flag whose day was corrected begins on that day; spend_facts holds the days on which somebody receives the payments, and payments that were issued
-- for a later day. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
