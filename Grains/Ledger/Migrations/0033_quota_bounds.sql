-- At most so many fixed IPs the project has: counted at bounded_at, and more by what was added since. Null where nobody knows.
alter table quotas add column bound bigint;
alter table quotas add column bounded_at {time};
