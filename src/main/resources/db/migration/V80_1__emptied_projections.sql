-- runs beside earlier versions
-- Owned by EmptiedProjections: projections that are being emptied. Until then what their tokens say does not count.
CREATE TABLE projection_reset (
    projection text        PRIMARY KEY,
    until      timestamptz NOT NULL
);
