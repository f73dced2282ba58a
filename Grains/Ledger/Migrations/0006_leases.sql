-- Owner: the networks' own. What a lease says beside the address, and how long it is.
alter table networks add column dhcp_domain text;
alter table networks add column lease_seconds integer not null default 86400;

-- Owner: the host grain (fence: hosts.epoch). The DHCP leases that a host's servers have given: to VNICs of its own and, as a
-- network's host, to others'. One that ends, or whose VNIC leaves the host, has no row; history keeps it.
create table leases (
    vnic_id     {uuid} not null,
    address     text not null,
    host        text not null,
    generation  bigint not null,                    -- of the attachment that it was given to
    leased_at   {time} not null default {now},
    renewed_at  {time} not null default {now},
    leased_until {time},                            -- null: without end
    primary key (vnic_id, address, host)
);
create index leases_host on leases (host, vnic_id);

-- nova's fixed_ips row of 2011.2 and 2011.3 (R33): the VNIC stands for its virtual interface, and its instance is shown too.
create view nova_fixed_ips as
select f.id, f.address, n.id as network_id, c.id as virtual_interface_id, c.instance_id, c.host,
       case when f.phase in (1, 2) then {true} else {false} end as allocated,
       case when exists (select 1 from leases l
                          where l.vnic_id = c.uuid and l.address = f.address and l.generation = c.generation
                            and l.leased_until > {now}) then {true} else {false} end as leased,
       case when f.phase = 4 then {true} else {false} end as reserved,
       f.created_at, f.updated_at, f.deleted_at, f.deleted
from fixed_ips f
join networks n on n.uuid = f.network_uuid
left join ethernet_cards c on c.uuid = f.vnic_id and not c.deleted;
