-- Owned by PersonDirectory.
CREATE TABLE person_directory (
    id             text   NOT NULL,
    from_position  bigint NOT NULL,
    until_position bigint NOT NULL,
    document       jsonb  NOT NULL,
    PRIMARY KEY (id, from_position)
);
