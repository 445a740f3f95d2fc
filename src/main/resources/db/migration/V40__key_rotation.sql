-- What marks this database in the list of erasures, once its check row has been wrapped by another master key; until then it is made of that row.
ALTER TABLE sealing_check ADD COLUMN mark text;
