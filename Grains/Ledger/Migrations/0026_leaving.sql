-- Addresses on their way out are few and looked for every few seconds: without this every silo read the whole table for them.
create index fixed_ips_leaving on fixed_ips (network_uuid) where phase = 6 and not deleted;
