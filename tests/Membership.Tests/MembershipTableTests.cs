using System.Net;
using Microsoft.Extensions.Hosting;

namespace NovaOrleans.Membership;

/// <summary>The statements of membership, called as Orleans calls them: nothing changes upon a version that is not the newest.</summary>
public sealed class MembershipTableTests : IAsyncLifetime
{
    private static readonly DateTime Start = new(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc);

    private IHost _host = null!;
    private IMembershipTable _table = null!;

    public async Task InitializeAsync()
    {
        _host = Member.Silo(await Member.Database(), Member.FreeEndpoints());
        _table = _host.Get<IMembershipTable>();
        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true);
    }

    public Task DisposeAsync()
    {
        _host.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_new_cluster_has_a_version_and_nobody_in_it()
    {
        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        MembershipTableData all = await _table.ReadAllAsync();
        Assert.Empty(all.Members);
        Assert.Equal((0, "0"), (all.Version.Version, all.Version.VersionEtag));
    }

    [Fact]
    public async Task A_member_comes_back_as_it_was_written()
    {
        MembershipEntry written = Entry(1, SiloStatus.Active);
        Assert.True(await Insert(written));
        MembershipEntry other = Entry(2, SiloStatus.Joining);
        Assert.True(await Insert(other));
        written.SuspectTimes = [Tuple.Create(other.SiloAddress, Start.AddMinutes(1))];
        Assert.True(await Update(written));

        MembershipTableData row = await _table.ReadRowAsync(written.SiloAddress);
        (MembershipEntry read, string etag) = Assert.Single(row.Members);
        Assert.Equal((3, "3", "3"), (row.Version.Version, row.Version.VersionEtag, etag));
        Assert.Equal(
            (written.SiloAddress, written.SiloName, written.HostName, written.Status, written.ProxyPort),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort));
        Assert.Equal((written.StartTime, written.IAmAliveTime), (read.StartTime, read.IAmAliveTime));
        Assert.Equal(written.SuspectTimes, read.SuspectTimes);
        Assert.Equal(2, (await _table.ReadAllAsync()).Members.Count);
        Assert.Empty((await _table.ReadRowAsync(Address(9))).Members);
    }

    [Fact]
    public async Task Of_many_who_saw_the_same_version_one_joins()
    {
        TableVersion next = (await _table.ReadAllAsync()).Version.Next();
        bool[] joined = await Task.WhenAll(
            Enumerable.Range(1, 16).Select(n => _table.InsertRowAsync(Entry(n, SiloStatus.Joining), next)));
        Assert.Single(joined, true);
        MembershipTableData all = await _table.ReadAllAsync();
        Assert.Single(all.Members);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task Of_many_changes_upon_one_version_one_is_made_and_none_is_half_made()
    {
        for (int n = 1; n <= 8; n++)
        {
            Assert.True(await Insert(Entry(n, SiloStatus.Active)));
        }

        TableVersion next = (await _table.ReadAllAsync()).Version.Next();
        bool[] changed = await Task.WhenAll(Enumerable.Range(1, 8).Select(
            n => _table.UpdateRowAsync(Entry(n, SiloStatus.Dead), next.VersionEtag, next)));
        Assert.Single(changed, true);
        MembershipTableData all = await _table.ReadAllAsync();
        Assert.Single(all.Members, m => m.Item1.Status == SiloStatus.Dead);
        Assert.Equal(9, all.Version.Version);
    }

    [Fact]
    public async Task A_second_row_of_the_same_silo_or_a_change_of_nobody_raises_no_version()
    {
        Assert.True(await Insert(Entry(1, SiloStatus.Active)));
        Assert.False(await Insert(Entry(1, SiloStatus.Dead)));
        Assert.False(await Update(Entry(2, SiloStatus.Dead)));
        MembershipTableData all = await _table.ReadAllAsync();
        Assert.Equal(SiloStatus.Active, Assert.Single(all.Members).Item1.Status);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task A_heartbeat_raises_no_version_and_is_not_set_back_by_a_suspicion()
    {
        MembershipEntry entry = Entry(1, SiloStatus.Active);
        Assert.True(await Insert(entry));
        MembershipEntry heard = Entry(1, SiloStatus.Active);
        heard.IAmAliveTime = Start.AddMinutes(5);
        await _table.UpdateIAmAliveAsync(heard);
        Assert.Equal(1, (await _table.ReadAllAsync()).Version.Version);

        entry.SuspectTimes = [Tuple.Create(Address(2), Start)];
        Assert.True(await Update(entry));
        Assert.Equal(Start.AddMinutes(5), Assert.Single((await _table.ReadAllAsync()).Members).Item1.IAmAliveTime);
    }

    [Fact]
    public async Task Only_the_long_dead_are_forgotten()
    {
        Assert.True(await Insert(Entry(1, SiloStatus.Dead)));
        Assert.True(await Insert(Entry(2, SiloStatus.Active)));
        MembershipEntry recent = Entry(3, SiloStatus.Dead);
        recent.IAmAliveTime = Start.AddDays(2);
        Assert.True(await Insert(recent));
        MembershipEntry voted = Entry(4, SiloStatus.Active);
        Assert.True(await Insert(voted));
        voted.Status = SiloStatus.Dead;
        voted.SuspectTimes = [Tuple.Create(Address(2), Start)];
        Assert.True(await Update(voted));

        await _table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Start.AddDays(1)));
        MembershipTableData left = await _table.ReadAllAsync();
        Assert.Equal([Address(2), Address(3)], left.Members.Select(m => m.Item1.SiloAddress).Order());
        Assert.Equal(5, left.Version.Version);
    }

    [Fact]
    public async Task A_cluster_that_is_deleted_takes_its_members_along()
    {
        Assert.True(await Insert(Entry(1, SiloStatus.Active)));
        await _table.DeleteMembershipTableEntriesAsync("another");
        Assert.Single((await _table.ReadAllAsync()).Members);
        await _table.DeleteMembershipTableEntriesAsync(Member.Cluster);
        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true);
        Assert.Empty((await _table.ReadAllAsync()).Members);
    }

    private static SiloAddress Address(int n) => SiloAddress.New(IPAddress.Loopback, 11000 + n, n);

    private static MembershipEntry Entry(int n, SiloStatus status) => new()
    {
        SiloAddress = Address(n),
        SiloName = $"silo-{n}",
        HostName = "control-1",
        Status = status,
        ProxyPort = 30000 + n,
        StartTime = Start,
        IAmAliveTime = Start,
    };

    private async Task<bool> Insert(MembershipEntry entry) =>
        await _table.InsertRowAsync(entry, (await _table.ReadAllAsync()).Version.Next());

    private async Task<bool> Update(MembershipEntry entry)
    {
        TableVersion next = (await _table.ReadAllAsync()).Version.Next();
        return await _table.UpdateRowAsync(entry, next.VersionEtag, next);
    }
}
