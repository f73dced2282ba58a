-- Owner: the floating IP pool grain (fence: version). An address of the outside; a free one has no project. The fixed IP that it
-- stands for is a port's row; interface is the network host's link, null for the one that each host was configured with.
create table floating_ips (
    id            {identity},
    uuid          {uuid} not null unique,
    address       text not null,
    pool          text not null,
    interface     text,
    project_id    text,
    fixed_ip_uuid {uuid},
    auto_assigned {flag} not null default {false},
    version       bigint not null default 1,
    request_key   text,
    request_hash  text,
    created_at    {time} not null default {now},
    updated_at    {time},
    deleted_at    {time},
    deleted       {flag} not null default {false}
);
create unique index floating_ips_address on floating_ips (address) where not deleted;
create unique index floating_ips_fixed on floating_ips (fixed_ip_uuid) where fixed_ip_uuid is not null and not deleted;
create unique index floating_ips_request on floating_ips (project_id, request_key) where request_key is not null and not deleted;
create index floating_ips_project on floating_ips (project_id, id) where project_id is not null and not deleted;
create index floating_ips_free on floating_ips (pool, id) where project_id is null and not deleted;
