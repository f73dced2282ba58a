-- nova's networks row of 2011.2 and 2011.3 (R32), whole: netmask, broadcast and the two DNS servers follow from what is kept.
-- SQLite knows no addresses: of one, read as the list of its four numbers, and of the prefix's length they are computed.
drop view nova_networks;
create view nova_networks as
with four as (
    select s.network_uuid, s.deleted, s.cidr, s.gateway, s.first, s.dhcp_server, s.dns,
           32 - cast(substr(s.cidr, instr(s.cidr, '/') + 1) as integer) as host_bits,
           '[' || replace(substr(s.cidr, 1, instr(s.cidr, '/') - 1), '.', ',') || ']' as octets
    from subnets s where s.family = 4 and s.position = 0),
numbered as (
    select four.*, (4294967295 >> host_bits) << host_bits as mask,
           json_extract(octets, '$[0]') * 16777216 + json_extract(octets, '$[1]') * 65536 + json_extract(octets, '$[2]') * 256
               + json_extract(octets, '$[3]') + (1 << host_bits) - 1 as last_address
    from four)
select n.id, n.uuid, n.label, n.injected, n.multi_host, n.share_address, n.mtu,
       v4.cidr, v6.cidr as cidr_v6, v6.gateway as gateway_v6, substr(v6.cidr, instr(v6.cidr, '/') + 1) as netmask_v6,
       (v4.mask >> 24) || '.' || (v4.mask >> 16 & 255) || '.' || (v4.mask >> 8 & 255) || '.' || (v4.mask & 255) as netmask,
       v4.gateway,
       (v4.last_address >> 24) || '.' || (v4.last_address >> 16 & 255) || '.' || (v4.last_address >> 8 & 255) || '.'
           || (v4.last_address & 255) as broadcast,
       v4.first as dhcp_start, v4.dhcp_server, v4.dns,
       nullif(substr(v4.dns, 1, instr(v4.dns || ' ', ' ') - 1), '') as dns1,
       nullif(substr(v4.dns, instr(v4.dns || ' ', ' ') + 1), '') as dns2,
       n.bridge, n.bridge_interface, n.vlan,
       n.vpn_public_address, n.vpn_public_port, n.vpn_private_address,
       n.priority, n.project_id, n.host,
       n.created_at, n.updated_at, n.deleted_at, n.deleted
from networks n
left join numbered v4 on v4.network_uuid = n.uuid and v4.deleted = n.deleted
left join subnets v6 on v6.network_uuid = n.uuid and v6.family = 6 and v6.position = 0 and v6.deleted = n.deleted;
