using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using NovaOrleans.Projects;
using NovaOrleans.Silo.Hosting;
using NovaOrleans.Vocabulary;
using Orleans.Storage;

namespace NovaOrleans.Membership;

/// <summary>Settings in PostgreSQL, through Orleans' own AdoNet storage and our statements.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private static readonly GrainId Grain = GrainId.Create("test", "blue");
    private readonly SiloEndpoints _endpoints = Member.FreeEndpoints();
    private string _database = null!;
    private IHost _silo = null!;

    private IGrainStorage Storage => _silo.Services.GetRequiredKeyedService<IGrainStorage>(SettingsStorage.Name);

    public async Task InitializeAsync()
    {
        _database = await Member.Database();
        _silo = await Member.StartSilo(_database, _endpoints);
    }

    public async Task DisposeAsync()
    {
        await _silo.StopAsync();
        _silo.Dispose();
    }

    [Fact]
    public async Task A_write_upon_an_old_etag_is_refused_and_changes_nothing()
    {
        GrainState<List<string>> first = await Read("colour", Grain);
        GrainState<List<string>> second = await Read("colour", Grain);
        await Write("colour", Grain, first, "red");
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write("colour", Grain, second, "green"));

        second = await Read("colour", Grain);
        await Write("colour", Grain, first, "blue");
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write("colour", Grain, second, "green"));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("colour", Grain, second));
        GrainState<List<string>> now = await Read("colour", Grain);
        Assert.Equal(("blue", "2", true), (now.State!.Single(), now.ETag, now.RecordExists));
    }

    [Fact]
    public async Task Of_many_first_writes_at_once_one_is_made()
    {
        GrainState<List<string>>[] states =
            await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Read("colour", Grain)));
        bool[] written = await Task.WhenAll(states.Select(async (state, n) =>
        {
            try
            {
                await Write("colour", Grain, state, $"{n}");
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));
        Assert.Single(written, true);
        Assert.Equal($"{Array.IndexOf(written, true)}", (await Read("colour", Grain)).State!.Single());
    }

    [Fact]
    public async Task A_cleared_state_is_gone_but_its_old_etags_stay_refused()
    {
        GrainState<List<string>> state = await Read("colour", Grain);
        await Write("colour", Grain, state, "red");
        GrainState<List<string>> old = await Read("colour", Grain);
        await Storage.ClearStateAsync("colour", Grain, state);
        Assert.False((await Read("colour", Grain)).RecordExists);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write("colour", Grain, old, "green"));
        await Write("colour", Grain, state, "blue");
        Assert.Equal("blue", (await Read("colour", Grain)).State!.Single());
    }

    [Fact]
    public async Task Two_state_names_with_one_key_are_two_states_and_so_are_two_keys()
    {
        Guid id = Guid.CreateVersion7();
        (string Name, GrainId Grain)[] all =
        [
            ("colour", Grain),
            ("shape", Grain),
            ("colour", GrainId.Create("test", "green")),
            ("colour", GrainId.Create("test", $"{id:N}")),
            ("colour", GrainId.Create("test", $"{id:N}+blue")),
            ("colour", GrainId.Create("test", "7")),
            ("colour", GrainId.Create("test", "7+blue")),
        ];
        foreach ((string name, GrainId grain) in all)
        {
            await Write(name, grain, await Read(name, grain), $"{name} {grain}");
        }

        foreach ((string name, GrainId grain) in all)
        {
            GrainState<List<string>> read = await Read(name, grain);
            Assert.Equal(($"{name} {grain}", "1"), (read.State!.Single(), read.ETag));
        }
    }

    [Fact]
    public async Task Settings_survive_the_silo()
    {
        ProjectId project = ProjectId.Parse("survivor");
        await ProjectList().Add(project);
        await _silo.StopAsync();
        _silo.Dispose();
        _silo = await Member.StartSilo(_database, _endpoints);
        Assert.Contains(project, await ProjectList().List());
    }

    private IProjectListGrain ProjectList() => _silo.Get<IGrainFactory>().GetGrain<IProjectListGrain>(0);

    private async Task<GrainState<List<string>>> Read(string name, GrainId grain)
    {
        GrainState<List<string>> state = new();
        await Storage.ReadStateAsync(name, grain, state);
        return state;
    }

    private Task Write(string name, GrainId grain, GrainState<List<string>> state, string value)
    {
        state.State = [value];
        return Storage.WriteStateAsync(name, grain, state);
    }
}
