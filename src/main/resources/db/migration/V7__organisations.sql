-- Owned by Appointments.
CREATE TABLE organisation_register (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);

-- Days are compared as text: yyyy-MM-dd.
CREATE TABLE appointment (
    id              text   NOT NULL, -- account/first day
    from_position   bigint NOT NULL,
    until_position  bigint NOT NULL,
    document        jsonb  NOT NULL,
    organisation_id text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'organisationId') STORED,
    account_id      text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'accountId') STORED,
    starts_on       text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'from') STORED,
    ends_on         text   COLLATE "C" GENERATED ALWAYS AS (document ->> 'to') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX appointment_organisation ON appointment (organisation_id, account_id, starts_on);
