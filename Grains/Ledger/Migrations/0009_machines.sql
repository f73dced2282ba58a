-- What an instance was launched as: memory, processors, kernel or disk, as JSON; null where neither image nor flavor was known.
alter table instances add column machine text;
