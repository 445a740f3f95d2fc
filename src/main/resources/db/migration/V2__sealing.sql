-- Keys that seal personal text, one row a person, each keyset encrypted by the master key outside this database.
-- Erasing a person deletes the row; nothing else that is stored needs to change then.
create table person_key (
    person_id    text        primary key,
    wrapped_aead text        not null, -- seals texts; new keys may be added to the keyset, old ones stay
    wrapped_prf  text        not null, -- makes opaque stand-ins; never rotated, or equal texts would stop being equal
    created_at   timestamptz not null default now()
);

-- Tells at start whether the master key at hand is the one that this database was made with.
create table sealing_check (
    only_row boolean primary key default true check (only_row),
    wrapped  text    not null
);
