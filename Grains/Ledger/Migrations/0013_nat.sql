-- Whether the hosts of the network are its way out: only there can a floating IP stand for an address of it.
alter table networks add column nat {flag} not null default {false};
update networks set nat = {true} where dhcp = 'dnsmasq';
-- An association is of a port as long as this VNIC has it: whoever has the port afterwards is not reached by it.
alter table floating_ips add column vnic_id {uuid};
drop index floating_ips_fixed;
create unique index floating_ips_fixed on floating_ips (fixed_ip_uuid, vnic_id) where fixed_ip_uuid is not null and not deleted;
