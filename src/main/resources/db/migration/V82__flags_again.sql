-- What a payment is linked to, an overspend after what caused it came back, and a death told again are judged otherwise: derived again from the
-- first event on.
TRUNCATE spend_flag, spend_facts, spend_item;
DELETE FROM token_entry WHERE processor_name = 'flag-register';
DELETE FROM parked_event WHERE processor = 'flag-register';
