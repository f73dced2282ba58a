-- nova's floating_ips row of 2011.2 and 2011.3 (R34). An association counts as long as the port has the VNIC that it was made for.
create view nova_floating_ips as
select l.id, l.address, f.id as fixed_ip_id, l.project_id, c.host, l.auto_assigned, l.pool, l.interface,
       l.created_at, l.updated_at, l.deleted_at, l.deleted
from floating_ips l
left join fixed_ips f on f.uuid = l.fixed_ip_uuid and f.vnic_id = l.vnic_id and not f.deleted
left join ethernet_cards c on c.uuid = f.vnic_id and not c.deleted;
