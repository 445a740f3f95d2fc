-- Owned by Reconciliations: periods that were found to agree with the bank.
CREATE TABLE reconciliation (
    account_id    text   NOT NULL,
    position      bigint NOT NULL,
    from_on       date   NOT NULL,
    to_on         date   NOT NULL,
    pence         bigint NOT NULL,
    reconciled_by text   NOT NULL,
    recorded_on   date   NOT NULL,
    PRIMARY KEY (account_id, position)
);
