-- Owned by StartUpPayments: what was paid on each line, and what of it came back, so that start-up money is reviewed by the day on which it was paid.
CREATE TABLE start_up_payment (
    account_id  text   NOT NULL COLLATE "C",
    payment_id  text   NOT NULL,
    position    bigint NOT NULL,
    line_id     text   NOT NULL,
    occurred_on date   NOT NULL,
    pence       bigint NOT NULL, -- gross; below zero: it came back
    PRIMARY KEY (account_id, payment_id, position)
);
