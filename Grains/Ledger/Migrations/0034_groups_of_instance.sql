-- Who lets a group in is told that an instance has left it: its associations are looked for after they have ended too, and were looked
-- for among all that there ever were.
create index security_groups_of_instance on security_group_instance_association (instance_id);
