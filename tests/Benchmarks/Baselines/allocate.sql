\set m random(0, 281474976710655)
begin;
insert into vnics (network_id, mac, host) values (1, (lpad(to_hex(:m::bigint), 12, '0'))::macaddr, 'host-1') returning id \gset
update fixed_ips set vnic_id = :id, allocated_at = now()
 where network_id = 1 and address = (select address from fixed_ips where network_id = 1 and vnic_id is null
       limit 1 for update skip locked) returning address;
commit;
