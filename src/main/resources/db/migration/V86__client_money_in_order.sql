-- Owned by ClientMoney: answers of one day must stay in order, and name no account; so the projection has one segment, and is derived again from the first event on.
TRUNCATE client_money;
DELETE FROM token_entry WHERE processor_name = 'client-money';
DELETE FROM parked_event WHERE processor = 'client-money';
