-- Owned by ResidentialDays. Whose days are counted, and under which law.
CREATE TABLE residential_person (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);

CREATE TABLE residential_stay (
    id             text   NOT NULL, -- person/stay
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    person_id      text   GENERATED ALWAYS AS (document ->> 'personId') STORED,
    stay_id        text   GENERATED ALWAYS AS (document -> 'stay' ->> 'stayId') STORED,
    PRIMARY KEY (id, from_position)
);
CREATE INDEX residential_stay_person ON residential_stay (person_id);
CREATE INDEX residential_stay_stay ON residential_stay (stay_id);

-- The days on which a person stands near or over a limit; until_on is the first day on which it is so no longer, perhaps infinity.
CREATE TABLE residential_limit (
    person_id      text   NOT NULL COLLATE "C",
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    basis          text   NOT NULL COLLATE "C",
    limit_name     text   NOT NULL,
    level          text   NOT NULL,
    from_on        date   NOT NULL,
    until_on       date   NOT NULL,
    stay_id        text                         -- holds the first day too many
);
CREATE INDEX residential_limit_person ON residential_limit (person_id, until_position);
-- who is near or over on a day: most spans have ended, so few end after it
CREATE INDEX residential_limit_day ON residential_limit (basis, until_on)
 INCLUDE (from_on, from_position, until_position, person_id, limit_name, level);

-- Which stay an expenditure pays for: the newest row holds.
CREATE TABLE residential_payment (
    account_id     text   NOT NULL,
    expenditure_id text   NOT NULL,
    position       bigint NOT NULL,
    person_id      text   NOT NULL,
    stay_id        text   NOT NULL,
    PRIMARY KEY (account_id, expenditure_id, position)
);
CREATE INDEX residential_payment_person ON residential_payment (person_id, stay_id);
