-- What the ledger keeps of projects, and what operators say of hosts.

-- Owner: the project's grain. Seed table 1 (S104, R28). The live row is the project's; one that was replaced stays, deleted.
create table project_network_service_association (
    id              {identity},
    project_id      text not null,
    network_service text not null,
    created_at      {time} not null default {now},
    updated_at      {time},
    deleted_at      {time},
    deleted         {flag} not null default {false}
);
create unique index project_network_service_live on project_network_service_association (project_id) where not deleted;

-- Owner: the project's grain, as nova's table of this name. hard_limit: -1 is without limit, null is the default's. A row is also
-- the lock under which those are counted whom the ledger counts, and whoever counts makes one without limit to lock.
create table quotas (
    id         {identity},
    project_id text not null,
    resource   text not null,
    hard_limit bigint,
    created_at {time} not null default {now},
    updated_at {time},
    unique (project_id, resource)
);

-- The fixed IPs that a card has are counted by the card; those that none has are few.
create index fixed_ips_alone on fixed_ips (project_id) where phase = 1 and not deleted;

-- Owner: the scheduler grain. disabled: takes no new instances; deleted: removed, and there again once it is heard of.
create table compute_services (
    host            text primary key,
    disabled        {flag} not null default {false},
    disabled_reason text,
    created_at      {time} not null default {now},
    updated_at      {time},
    deleted_at      {time},
    deleted         {flag} not null default {false}
);
