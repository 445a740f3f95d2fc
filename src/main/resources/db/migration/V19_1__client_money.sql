-- Owned by ClientMoney. Days are compared as text: yyyy-MM-dd.
CREATE TABLE client_money (
    id              text   NOT NULL COLLATE "C", -- organisation/day
    from_position   bigint NOT NULL,
    until_position  bigint NOT NULL,
    document        jsonb  NOT NULL,
    organisation_id text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'organisationId') STORED,
    reconciled_on   text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'on') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX client_money_organisation ON client_money (organisation_id, reconciled_on);
