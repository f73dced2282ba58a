-- nova's networks row of 2011.2 and 2011.3 (R32), whole: netmask, broadcast and the two DNS servers follow from what is kept.
drop view nova_networks;
create view nova_networks as
select n.id, n.uuid, n.label, n.injected, n.multi_host, n.share_address, n.mtu,
       v4.cidr, v6.cidr as cidr_v6, v6.gateway as gateway_v6, substr(v6.cidr, strpos(v6.cidr, '/') + 1) as netmask_v6,
       host(netmask(cast(v4.cidr as inet))) as netmask, v4.gateway, host(broadcast(cast(v4.cidr as inet))) as broadcast,
       v4.first as dhcp_start, v4.dhcp_server, v4.dns,
       nullif(split_part(v4.dns, ' ', 1), '') as dns1, nullif(split_part(v4.dns, ' ', 2), '') as dns2,
       n.bridge, n.bridge_interface, n.vlan,
       n.vpn_public_address, n.vpn_public_port, n.vpn_private_address,
       n.priority, n.project_id, n.host,
       n.created_at, n.updated_at, n.deleted_at, n.deleted
from networks n
left join subnets v4 on v4.network_uuid = n.uuid and v4.family = 4 and v4.position = 0 and v4.deleted = n.deleted
left join subnets v6 on v6.network_uuid = n.uuid and v6.family = 6 and v6.position = 0 and v6.deleted = n.deleted;
