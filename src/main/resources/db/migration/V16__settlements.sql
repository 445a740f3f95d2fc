-- Owned by AccountSettlements: what an account owes, what is taken back from it, what its budget allows it.
CREATE TABLE account_settlement (
    id             text    NOT NULL COLLATE "C",
    from_position  bigint  NOT NULL,
    until_position bigint  NOT NULL,
    document       jsonb   NOT NULL,
    has_recoveries boolean GENERATED ALWAYS AS (jsonb_array_length(document -> 'recoveries') > 0) STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX account_settlement_recoveries ON account_settlement (id) WHERE has_recoveries;

-- Owned by ContributionArrears: contributions expected and received.
CREATE TABLE contribution_arrears (
    account_id     text   NOT NULL COLLATE "C",
    occurred_on    date   NOT NULL,
    position       bigint NOT NULL,
    expected_pence bigint NOT NULL,
    received_pence bigint NOT NULL,
    PRIMARY KEY (account_id, occurred_on, position)
);
