-- Who was in a group is told that an instance has left it: its associations are looked for after they are deleted, too, and without this among all that there ever were.
create index security_groups_of_instance on security_group_instance_association (instance_id);
