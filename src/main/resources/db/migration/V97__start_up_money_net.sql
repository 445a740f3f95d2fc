-- Owned by StartUpPayments: what was paid is net of the contribution kept back of it. Derived again from the first event on.
TRUNCATE start_up_payment;
DELETE FROM token_entry WHERE processor_name = 'start-up-payments';
DELETE FROM parked_event WHERE processor = 'start-up-payments';
