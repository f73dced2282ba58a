-- A port is found by its UUID, and lists of ports are in their order now: nothing needs the index of its numbers, which was one of
-- twelve that a hold writes to.
alter table fixed_ips drop constraint fixed_ips_pkey, replica identity using index fixed_ips_uuid_key;
