-- What Orleans keeps here beside the ledger: who is in the cluster, and grain state (settings). Clustering.AdoNet and
-- Persistence.AdoNet 10.4 bring no schema; they read every statement from the table OrleansQuery and fix its keys, the
-- parameters (@…) and the names of the columns that come back. Tables and statements are ours: decision 0008.

-- A cluster's version rises by one with every change of its members. It is the fence of the membership protocol: a
-- change is made only upon the version that its author has seen.
create table orleans_clusters (
    cluster_id text primary key,
    version integer not null default 0,
    changed_at timestamptz not null default now());

create table orleans_silos (
    cluster_id text not null references orleans_clusters on delete cascade,
    address text not null,
    port integer not null,
    generation integer not null,
    silo_name text not null,
    host_name text not null,
    status integer not null,        -- Orleans' SiloStatus: 2 joining, 3 active, 4 shutting down, 5 stopping, 6 dead
    gateway_port integer not null,  -- 0: takes no clients
    suspect_times text,             -- silo@time|silo@time, as Orleans writes it
    started_at timestamptz not null,
    alive_at timestamptz not null,
    primary key (cluster_id, address, port, generation));

-- One row for a grain's key and a state name; the grain's class is not in the key, so state names are unique (a test).
-- A key is two numbers (a UUID; 0 and an integer; 0 and 0) and a text or none, which differs from an empty text.
create table orleans_states (
    service_id text not null,
    state_name text not null,
    key_high bigint not null,
    key_low bigint not null,
    has_key_text boolean not null,
    key_text text not null,
    version integer not null,       -- the state's etag
    payload bytea,                  -- null: cleared
    changed_at timestamptz not null default now(),
    primary key (service_id, state_name, key_high, key_low, has_key_text, key_text));

create table OrleansQuery (
    QueryKey text primary key,
    QueryText text not null);

insert into OrleansQuery (QueryKey, QueryText) values
-- Membership. One statement each: the version's row is locked first and looked at again after waiting, so that of two
-- authors who saw the same version one changes version and member, and the other neither.
('InsertMembershipVersionKey', $$
    with made as (
        insert into orleans_clusters (cluster_id) values (@DeploymentId) on conflict do nothing returning cluster_id)
    select exists (select from made)$$),
('InsertMembershipKey', $$
    with seen as materialized (
        select cluster_id from orleans_clusters where cluster_id = @DeploymentId and version = @Version for update),
    member as (
        insert into orleans_silos (cluster_id, address, port, generation, silo_name, host_name, status, gateway_port,
            started_at, alive_at)
        select cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort,
            @StartTime, @IAmAliveTime
        from seen on conflict do nothing returning cluster_id),
    risen as (
        update orleans_clusters c set version = c.version + 1, changed_at = now() from member
        where c.cluster_id = member.cluster_id returning c.version)
    select exists (select from risen)$$),
-- A change by another silo must not set back the time at which this one was last heard.
('UpdateMembershipKey', $$
    with seen as materialized (
        select cluster_id from orleans_clusters where cluster_id = @DeploymentId and version = @Version for update),
    member as (
        update orleans_silos s set status = @Status, suspect_times = nullif(@SuspectTimes, ''),
            alive_at = greatest(s.alive_at, @IAmAliveTime)
        from seen
        where s.cluster_id = seen.cluster_id and s.address = @Address and s.port = @Port and s.generation = @Generation
        returning s.cluster_id),
    risen as (
        update orleans_clusters c set version = c.version + 1, changed_at = now() from member
        where c.cluster_id = member.cluster_id returning c.version)
    select exists (select from risen)$$),
-- A heartbeat is its own silo's alone and changes no version.
('UpdateIAmAlivetimeKey', $$
    update orleans_silos set alive_at = @IAmAliveTime
    where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation$$),
-- The version comes back even where there is no member; members and version are of one moment.
('MembershipReadAllKey', $$
    select c.cluster_id as "DeploymentId", s.address as "Address", s.port as "Port", s.generation as "Generation",
        s.silo_name as "SiloName", s.host_name as "HostName", s.status as "Status", s.gateway_port as "ProxyPort",
        s.suspect_times as "SuspectTimes", s.started_at as "StartTime", s.alive_at as "IAmAliveTime",
        c.version as "Version"
    from orleans_clusters c left join orleans_silos s on s.cluster_id = c.cluster_id
    where c.cluster_id = @DeploymentId$$),
('MembershipReadRowKey', $$
    select c.cluster_id as "DeploymentId", s.address as "Address", s.port as "Port", s.generation as "Generation",
        s.silo_name as "SiloName", s.host_name as "HostName", s.status as "Status", s.gateway_port as "ProxyPort",
        s.suspect_times as "SuspectTimes", s.started_at as "StartTime", s.alive_at as "IAmAliveTime",
        c.version as "Version"
    from orleans_clusters c left join orleans_silos s on s.cluster_id = c.cluster_id
        and s.address = @Address and s.port = @Port and s.generation = @Generation
    where c.cluster_id = @DeploymentId$$),
('GatewaysQueryKey', $$
    select address as "Address", gateway_port as "ProxyPort", generation as "Generation"
    from orleans_silos where cluster_id = @DeploymentId and status = @Status and gateway_port > 0$$),
('DeleteMembershipTableEntriesKey', $$
    delete from orleans_clusters where cluster_id = @DeploymentId$$),
-- The dead are forgotten after days; of the two statements Orleans takes the second if it is there: it removes a row
-- only as it was read.
('CleanupDefunctSiloEntriesKey', $$
    delete from orleans_silos
    where cluster_id = @DeploymentId and status = 6 and started_at < @IAmAliveTime and alive_at < @IAmAliveTime
        and suspect_times is null$$),
('CleanupDefunctSiloEntryKey', $$
    delete from orleans_silos
    where cluster_id = @DeploymentId and address = @Address and port = @Port and generation = @Generation
        and status = 6 and started_at = @StartTime and alive_at = @IAmAliveTime
        and suspect_times is not distinct from nullif(@SuspectTimes, '')$$),

-- Grain state. A write upon an etag that is no longer the row's gives no row, which Orleans makes an
-- InconsistentStateException. Its hashes are not needed: the key is the primary key.
('ReadFromStorageKey', $$
    select payload as "PayloadBinary", version as "Version" from orleans_states
    where service_id = @ServiceId and state_name = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
        and has_key_text = (@GrainIdExtensionString is not null) and key_text = coalesce(@GrainIdExtensionString, '')$$),
('WriteToStorageKey', $$
    with changed as (
        update orleans_states set payload = @PayloadBinary, version = version + 1, changed_at = now()
        where service_id = @ServiceId and state_name = @GrainTypeString
            and key_high = @GrainIdN0 and key_low = @GrainIdN1
            and has_key_text = (@GrainIdExtensionString is not null)
            and key_text = coalesce(@GrainIdExtensionString, '')
            and version = @GrainStateVersion
        returning version),
    made as (
        insert into orleans_states
            (service_id, state_name, key_high, key_low, has_key_text, key_text, version, payload)
        select @ServiceId, @GrainTypeString, @GrainIdN0, @GrainIdN1,
            @GrainIdExtensionString is not null, coalesce(@GrainIdExtensionString, ''), 1, @PayloadBinary
        where @GrainStateVersion is null
        on conflict do nothing returning version)
    select version as "NewGrainStateVersion" from changed union all select version from made$$),
('ClearStorageKey', $$
    update orleans_states set payload = null, version = version + 1, changed_at = now()
    where service_id = @ServiceId and state_name = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
        and has_key_text = (@GrainIdExtensionString is not null) and key_text = coalesce(@GrainIdExtensionString, '')
        and version = @GrainStateVersion
    returning version as "NewGrainStateVersion"$$),
('DeleteStorageKey', $$
    delete from orleans_states
    where service_id = @ServiceId and state_name = @GrainTypeString and key_high = @GrainIdN0 and key_low = @GrainIdN1
        and has_key_text = (@GrainIdExtensionString is not null) and key_text = coalesce(@GrainIdExtensionString, '')
        and version = @GrainStateVersion
    returning version + 1 as "NewGrainStateVersion"$$);
