-- Owned by AccountReturns. Days are compared as text: yyyy-MM-dd.
CREATE TABLE account_return (
    id             text   NOT NULL COLLATE "C", -- account/return
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    account_id     text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    return_id      text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'returnId') STORED,
    due            text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'due') STORED,
    requested_on   text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'requestedOn') STORED,
    accepted_on    text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'acceptedOn') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX account_return_account ON account_return (account_id, return_id);
CREATE INDEX account_return_due ON account_return (due, account_id, return_id);
