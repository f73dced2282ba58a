-- The ledger. One text for PostgreSQL and SQLite; {identity}, {uuid}, {time}, {now}, {flag}, {false} are each database's own words.
-- deleted, created_at, updated_at, deleted_at: soft deletion as in nova's own tables; a deleted row stays.
-- Every row has one owner, which is named with its table; nobody else writes it.

-- Owner: the network range grain at creation, the network grain afterwards (fence: revision).
create table networks (
    id                  {identity},
    uuid                {uuid} not null unique,
    service             text not null,
    project_id          text,
    label               text not null,
    life                integer not null,           -- 0 open, 1 closing, 2 deleted
    bridge              text,
    bridge_interface    text,
    vlan                integer,
    mtu                 integer not null,
    firewall            text not null,
    dhcp                text not null,
    injected            {flag} not null,
    multi_host          {flag} not null,
    share_address       {flag} not null,
    priority            integer,
    host                text,
    vpn_public_address  text,
    vpn_public_port     integer,
    vpn_private_address text,
    quarantine_seconds  integer not null,
    request_key         text,
    request_hash        text,
    revision            bigint not null,
    created_at          {time} not null default {now},
    updated_at          {time},
    deleted_at          {time},
    deleted             {flag} not null default {false}
);
create unique index networks_vlan on networks (service, vlan) where vlan is not null and not deleted;
create unique index networks_vpn on networks (vpn_public_address, vpn_public_port) where vpn_public_port is not null and not deleted;
create index networks_request on networks (service, project_id, request_key) where request_key is not null and not deleted;
create index networks_service on networks (service, project_id, id) where not deleted;

-- Owner: as networks. A network has 0..n subnets; position orders those of one family.
create table subnets (
    id           {identity},
    uuid         {uuid} not null unique,
    network_uuid {uuid} not null references networks (uuid),
    family       integer not null,                  -- 4 or 6
    position     integer not null,
    cidr         text not null,
    gateway      text,
    dhcp_server  text,
    first        text,                              -- what may be handed out, IPv4 only
    last         text,
    dns          text not null default '',          -- space-joined
    created_at   {time} not null default {now},
    updated_at   {time},
    deleted_at   {time},
    deleted      {flag} not null default {false}
);
create unique index subnets_position on subnets (network_uuid, family, position) where not deleted;

-- Owner: the pool grain. epoch is raised by each activation and fences every older one; open 0 takes no new holds.
create table pools (
    network_uuid {uuid} primary key,
    epoch        bigint not null,
    open         {flag} not null
);

-- Owner: the network range grain: its epoch, one row a service.
create table ranges (
    service text primary key,
    epoch   bigint not null
);

-- Owner: the pool grain at creation and deletion with a port, the VNIC grain otherwise (fence: version).
-- generation counts attachments to instances; request_* is the create's idempotency key.
create table ethernet_cards (
    id           {identity},
    uuid         {uuid} not null unique,
    service      text not null,
    project_id   text not null,
    mac_address  text not null,
    name         text,
    instance_id  {uuid},
    host         text,
    nic_index    integer,
    generation   bigint not null default 0,
    version      bigint not null default 1,
    request_key  text,
    request_hash text,
    created_at   {time} not null default {now},
    updated_at   {time},
    deleted_at   {time},
    deleted      {flag} not null default {false}
);
create unique index ethernet_cards_mac on ethernet_cards (mac_address) where not deleted;
create unique index ethernet_cards_request on ethernet_cards (project_id, request_key) where request_key is not null and not deleted;
create index ethernet_cards_project on ethernet_cards (service, project_id, id) where not deleted;
create index ethernet_cards_instance on ethernet_cards (instance_id) where instance_id is not null and not deleted;

-- Owner: the pool grain (fence: pools.epoch). A port; for the built-in services a fixed IP. Free addresses have no live row.
-- phase: 1 allocated (no VNIC), 2 held, 3 quarantined (until quarantined_until), 4 reserved. position is address − network.
create table fixed_ips (
    id                {identity},
    uuid              {uuid} not null unique,
    network_uuid      {uuid} not null,
    address           text,
    position          bigint,
    address_v6        text,
    phase             integer not null,
    vnic_id           {uuid},
    ordinal           integer not null default 0,
    project_id        text,
    up                {flag} not null default {true},
    quarantined_until {time},
    request_key       text,
    request_hash      text,
    created_at        {time} not null default {now},
    updated_at        {time},
    deleted_at        {time},
    deleted           {flag} not null default {false}
);
create unique index fixed_ips_position on fixed_ips (network_uuid, position) where position is not null and not deleted;
-- A resting row keeps its IPv6 address for the record only: it belongs to the MAC, and so to nobody else.
create unique index fixed_ips_v6 on fixed_ips (network_uuid, address_v6) where address_v6 is not null and phase <> 3 and not deleted;
create unique index fixed_ips_vnic on fixed_ips (vnic_id, network_uuid, ordinal) where vnic_id is not null and not deleted;
create unique index fixed_ips_request on fixed_ips (project_id, request_key) where request_key is not null and not deleted;

-- Owner: the instance grain (fence: version). status: 0 building, 1 active, 2 deleting, 3 deleted, 4 error.
create table instances (
    id           {identity},
    uuid         {uuid} not null unique,
    project_id   text not null,
    service      text not null,
    name         text not null,
    status       integer not null,
    host         text,
    fault        text,
    image_ref    text,
    flavor_ref   text,
    metadata     text not null,                     -- JSON object
    request_key  text,
    request_hash text,
    version      bigint not null,
    created_at   {time} not null default {now},
    updated_at   {time},
    deleted_at   {time},
    deleted      {flag} not null default {false}
);
create unique index instances_request on instances (project_id, request_key) where request_key is not null and not deleted;
create index instances_project on instances (project_id, id) where not deleted;

-- Owner: the instance grain. Seed table 2 (S105, R29). generation: the attachment; outcome: what its host reported last.
create table instance_virtual_nic_association (
    id             {identity},
    instance_id    {uuid} not null references instances (uuid),
    virtual_nic_id {uuid} not null,
    nic_index      integer not null,
    owned          {flag} not null,                 -- made for this instance alone, deleted with it
    generation     bigint not null default 0,
    outcome        integer,
    created_at     {time} not null default {now},
    updated_at     {time},
    deleted_at     {time},
    deleted        {flag} not null default {false}
);
create unique index instance_vnic_live on instance_virtual_nic_association (virtual_nic_id) where not deleted;
create index instance_vnic_instance on instance_virtual_nic_association (instance_id, nic_index) where not deleted;

-- Owner: the host grain (fence: hosts.version). epoch: the session; revision: the log's head.
create table hosts (
    name              text primary key,
    epoch             bigint not null,
    revision          bigint not null,
    reported_revision bigint not null,
    fenced            {flag} not null,
    hello             text,                         -- what the agent said of itself, as JSON
    version           bigint not null,
    created_at        {time} not null default {now},
    updated_at        {time}
);

-- Owner: the host grain. One live row a VNIC of the host: its newest record, so the table is the host's log, compacted.
-- kind: 1 bind, 2 teardown. outcome: null until the host reported, then 0 applied, 1 failed, 2 torn down.
-- told: the instance has taken the outcome. Unique (host, revision) numbers the log.
create table host_bindings (
    host        text not null,
    vnic_id     {uuid} not null,
    instance_id {uuid} not null,
    generation  bigint not null,
    kind        integer not null,
    revision    bigint not null,
    record      text not null,                      -- what the host is told, as JSON
    outcome     integer,
    fault       text,
    told        {flag} not null default {false},
    created_at  {time} not null default {now},
    updated_at  {time},
    primary key (host, vnic_id)
);
create unique index host_bindings_revision on host_bindings (host, revision);

-- Who, what, when, why, of which generation; appended with the change itself, in its commit.
create table history (
    id           {identity},
    at           {time} not null default {now},
    actor        text not null,
    what         text not null,
    network_uuid {uuid},
    vnic_id      {uuid},
    address      text,
    generation   bigint,
    why          text
);
create index history_address on history (network_uuid, address, id);
create index history_vnic on history (vnic_id, id);

-- Orleans grain state when embedded (projects and other settings); with PostgreSQL the AdoNet provider keeps them itself.
create table settings (
    grain   text primary key,
    version bigint not null,
    payload text not null
);
