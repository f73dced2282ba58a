-- Cards before ports, as every hold takes their locks: the other way round a silo at work and a migration waited for each other.
create index ethernet_cards_name on ethernet_cards (name, project_id, id) where name is not null and not deleted;
-- What a project holds: counted under its quota from the index alone, and of one network listed in the order of the VNICs' ids.
create index fixed_ips_project on fixed_ips (project_id, network_uuid, vnic_id) where phase in (1, 2, 6) and not deleted;
-- The few ports that are down; the many that are up are not in it.
create index fixed_ips_down on fixed_ips (project_id, vnic_id) where phase in (1, 2, 6) and not up and not deleted;
