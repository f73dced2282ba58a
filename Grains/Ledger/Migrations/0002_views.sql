-- The seed's and 2011's shapes as views, for operators and for import and export; nothing writes through them.

-- Flat's fixed IPs under the name that the seed gives them (S109).
create view ip_addresses as
select f.id, f.uuid, f.address, f.address_v6, f.network_uuid as network_id, f.vnic_id as virtual_nic_id,
       c.instance_id, f.project_id,
       case when f.phase in (1, 2) then {true} else {false} end as allocated,
       case when f.phase = 4 then {true} else {false} end as reserved,
       f.created_at, f.updated_at, f.deleted_at, f.deleted
from fixed_ips f
join networks n on n.uuid = f.network_uuid
left join ethernet_cards c on c.uuid = f.vnic_id and not c.deleted
where n.service = 'nova.network.flat';

-- nova's networks row of 2011.2 and 2011.3 (R32). netmask and broadcast follow from cidr and are not kept.
create view nova_networks as
select n.id, n.uuid, n.label, n.injected, n.multi_host,
       v4.cidr, v6.cidr as cidr_v6, v6.gateway as gateway_v6, v4.gateway, v4.first as dhcp_start, v4.dns,
       n.bridge, n.bridge_interface, n.vlan,
       n.vpn_public_address, n.vpn_public_port, n.vpn_private_address,
       n.priority, n.project_id, n.host,
       n.created_at, n.updated_at, n.deleted_at, n.deleted
from networks n
left join subnets v4 on v4.network_uuid = n.uuid and v4.family = 4 and v4.position = 0 and v4.deleted = n.deleted
left join subnets v6 on v6.network_uuid = n.uuid and v6.family = 6 and v6.position = 0 and v6.deleted = n.deleted;
