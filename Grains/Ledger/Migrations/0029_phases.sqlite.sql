-- SQLite makes a table of a list each time that it asks whether something is in it: each statement that wrote a port made two, for
-- these two indexes, a fifth of what a card cost. Comparisons make none.
drop index fixed_ips_project;
drop index fixed_ips_down;
create index fixed_ips_project on fixed_ips (project_id, network_uuid, vnic_id)
    where (phase = 1 or phase = 2 or phase = 6) and not deleted;
create index fixed_ips_down on fixed_ips (project_id, vnic_id)
    where (phase = 1 or phase = 2 or phase = 6) and not up and not deleted;
