-- Owned by FlagRegister: a flag that was referred as fraud is withdrawn too once its spending has come back whole; spend_facts holds
-- every payment of tax, and what was missing at first of what is overspent. Derived again from the first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
