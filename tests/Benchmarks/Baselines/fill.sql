-- What a user would write by hand: a /16 less its network and broadcast addresses, all free, one row each.
drop table if exists fixed_ips, vnics;
create table vnics (id uuid primary key default gen_random_uuid(), network_id int not null, mac macaddr not null,
    host text, created_at timestamptz not null default now(), unique (network_id, mac));
create table fixed_ips (network_id int not null, address inet not null, vnic_id uuid references vnics on delete set null,
    allocated_at timestamptz, primary key (network_id, address));
insert into fixed_ips (network_id, address) select 1, inet '10.77.0.0' + n from generate_series(1, 65534) n;
create index fixed_ips_free on fixed_ips (network_id, address) where vnic_id is null;
create index fixed_ips_vnic on fixed_ips (vnic_id) where vnic_id is not null;
vacuum analyze;
checkpoint;
