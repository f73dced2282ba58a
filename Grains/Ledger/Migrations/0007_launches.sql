-- Owner: the instance grain, at the instance's creation. What its launch said of it beside its network: the reservation of the
-- launch and the instance's place in it, the name of a key, and the text that the instance itself reads (base64).
alter table instances add column reservation_id text;
alter table instances add column launch_index integer not null default 0;
alter table instances add column key_name text;
alter table instances add column user_data text;
