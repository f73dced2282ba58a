-- nova's own tables. Owner of the first two: the project's security groups grain (fence: revision).
create table security_groups (
    id           {identity},
    uuid         {uuid} not null unique,
    project_id   text not null,
    name         text not null,
    description  text not null,
    revision     bigint not null default 1,         -- rises with each change of the group or of its rules
    request_key  text,
    request_hash text,
    created_at   {time} not null default {now},
    updated_at   {time},
    deleted_at   {time},
    deleted      {flag} not null default {false}
);
create unique index security_groups_name on security_groups (project_id, name) where not deleted;
create unique index security_groups_request on security_groups (project_id, request_key) where request_key is not null and not deleted;

-- protocol: 0 any, 1 ICMP, 6 TCP, 17 UDP. Ports; of ICMP type and code, -1 for any. One of cidr and source_group_uuid is set.
create table security_group_rules (
    id                {identity},
    uuid              {uuid} not null unique,
    group_uuid        {uuid} not null references security_groups (uuid),
    protocol          integer not null,
    from_port         integer not null,
    to_port           integer not null,
    cidr              text,
    source_group_uuid {uuid},
    created_at        {time} not null default {now},
    updated_at        {time},
    deleted_at        {time},
    deleted           {flag} not null default {false}
);
create index security_group_rules_group on security_group_rules (group_uuid, id) where not deleted;
create index security_group_rules_source on security_group_rules (source_group_uuid) where source_group_uuid is not null and not deleted;

-- Owner: the instance grain. Which groups an instance is in, in which order.
create table security_group_instance_association (
    id          {identity},
    group_uuid  {uuid} not null references security_groups (uuid),
    instance_id {uuid} not null,
    position    integer not null,
    created_at  {time} not null default {now},
    updated_at  {time},
    deleted_at  {time},
    deleted     {flag} not null default {false}
);
create unique index security_group_instance on security_group_instance_association (instance_id, group_uuid) where not deleted;
create index security_group_members on security_group_instance_association (group_uuid) where not deleted;

-- Owner: the blocked prefixes grain. Dropped for every guest of the cloud, whatever its groups say.
create table provider_fw_rules (
    id         {identity},
    cidr       text not null,
    created_at {time} not null default {now},
    updated_at {time},
    deleted_at {time},
    deleted    {flag} not null default {false}
);
create unique index provider_fw_rules_cidr on provider_fw_rules (cidr) where not deleted;
