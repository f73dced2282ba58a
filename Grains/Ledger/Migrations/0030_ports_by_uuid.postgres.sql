-- A port is found by its UUID, and listed in their order: nothing looked it up by its number, whose index was one of twelve that a hold
-- writes to.
alter table fixed_ips drop constraint fixed_ips_pkey, replica identity using index fixed_ips_uuid_key;
